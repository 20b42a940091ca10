const mailer = 'http://mailer:8080';

export async function announce(order: string): Promise<void> {
  await fetch(`${mailer}/announce/${order}`, { method: 'POST' });
}

export async function audit(order: string): Promise<void> {
  await fetch(`http://ledger:8080/audit/${order}`, { method: 'POST' });
}

export function announceAll(items: readonly string[]): void {
  items.forEach(async (item) => {
    await fetch(`${mailer}/items/${item}`, { method: 'POST' });
  });
}

export async function invoice(order: string): Promise<void> {
  await fetch(`http://payments:8080/invoices/${order}`, { method: 'POST' });
}

export async function stock(id: string): Promise<unknown> {
  const answer = await fetch(`http://catalog:8080/stock/${id}`);
  return answer.json();
}
