import axios from 'axios';
import { traced } from './tracing.ts';

const payments = axios.create({ baseURL: 'http://payments:8080' });
payments.interceptors.request.use(traced);

export async function paymentOf(order: string): Promise<unknown> {
  const { data } = await payments.get(`/payments/${order}`);
  return data;
}
