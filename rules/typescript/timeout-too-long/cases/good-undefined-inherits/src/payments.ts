import axios from 'axios';

const payments = axios.create({ baseURL: 'http://payments:8080', timeout: 2_000 });

export async function paymentOf(order: string): Promise<unknown> {
  const { data } = await payments.get(`/payments/${order}`, { timeout: undefined });
  return data;
}
