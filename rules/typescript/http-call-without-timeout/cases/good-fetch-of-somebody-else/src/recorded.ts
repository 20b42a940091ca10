const orders = new Map([['1', { items: 2 }]]);

export async function fetch(id: string): Promise<unknown> {
  return orders.get(id);
}
