import got from 'got';

const payments = got.extend({ prefixUrl: 'http://payments:8080', timeout: 5_000 as never });

export async function paymentOf(order: string): Promise<unknown> {
  return payments.get(`payments/${order}`).json();
}
