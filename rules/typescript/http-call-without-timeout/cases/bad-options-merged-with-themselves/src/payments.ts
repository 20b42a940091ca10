import axios from 'axios';

export async function paymentOf(order: string, trace: string | undefined): Promise<unknown> {
  let options = { responseType: 'json' as const, headers: {} };
  if (trace !== undefined) options = { ...options, headers: { 'x-trace': trace } };
  const answer = await axios.get(`http://payments:8080/payments/${order}`, options);
  return answer.data;
}
