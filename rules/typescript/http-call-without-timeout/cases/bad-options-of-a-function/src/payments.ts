import axios from 'axios';
import { optionsFor } from './options.ts';

export async function paymentOf(order: string): Promise<unknown> {
  const { data } = await axios.get('http://payments:8080/payments', optionsFor(order));
  return data;
}
