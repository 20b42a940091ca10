export async function itemsOf(order: string, signal: AbortSignal): Promise<unknown> {
  const answer = await fetch(`http://catalog:8080/orders/${order}/items`, { signal });
  return answer.json();
}
