export async function ordersOf(customer: string) {
  const answer = await fetch(`http://orders:8080/orders?customer=${customer}`);
  return answer.json();
}
