import { setTimeout as sleep } from 'node:timers/promises';

const late = async (): Promise<never> => {
  await sleep(3_000);
  throw new Error('too late');
};

export async function paymentOf(order: string): Promise<unknown> {
  const answer = await Promise.race([fetch(`http://payments:8080/payments/${order}`), late()]);
  return answer.json();
}
