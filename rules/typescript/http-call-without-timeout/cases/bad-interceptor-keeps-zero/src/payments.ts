import axios from 'axios';
import { limited } from './limits.ts';

const payments = axios.create({ baseURL: 'http://payments:8080' });
payments.interceptors.request.use(limited);

export async function paymentOf(order: string): Promise<unknown> {
  const { data } = await payments.get(`/payments/${order}`);
  return data;
}
