export async function itemsOf(order: string, gone: AbortSignal): Promise<unknown> {
  const signal = AbortSignal.any([gone, AbortSignal.timeout(2_000)]);
  const answer = await fetch(`http://catalog:8080/orders/${order}/items`, { signal });
  return answer.json();
}
