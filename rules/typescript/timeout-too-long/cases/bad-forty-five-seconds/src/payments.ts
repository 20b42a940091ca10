import got from 'got';

const payments = got.extend({ prefixUrl: 'http://payments:8080', timeout: { request: 45_000 } });

export async function paymentOf(order: string): Promise<unknown> {
  return payments.get(`payments/${order}`).json();
}
