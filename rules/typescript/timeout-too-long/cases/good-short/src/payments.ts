import axios from 'axios';
import { timeout } from './settings.ts';

const payments = axios.create({ baseURL: 'http://payments:8080', timeout });

export async function paymentOf(order: string): Promise<unknown> {
  const { data } = await payments.get(`/payments/${order}`);
  return data;
}
