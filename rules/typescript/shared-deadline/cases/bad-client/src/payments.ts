import axios from 'axios';

const payments = axios.create({
  baseURL: 'http://payments:8080',
  signal: AbortSignal.timeout(10_000),
});

export async function paymentOf(order: string): Promise<unknown> {
  const { data } = await payments.get(`/payments/${order}`);
  return data;
}
