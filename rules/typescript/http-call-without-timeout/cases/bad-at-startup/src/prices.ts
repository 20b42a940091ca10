export async function loadPrices(): Promise<unknown> {
  const answer = await fetch('http://ledger:8080/prices');
  return answer.json();
}
