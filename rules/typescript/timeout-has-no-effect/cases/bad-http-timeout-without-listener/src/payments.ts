import http from 'node:http';

export function paymentOf(order: string): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const outgoing = http.get(`http://payments:8080/payments/${order}`, { timeout: 5_000 }, (answer) => {
      answer.on('data', resolve);
    });
    outgoing.on('error', reject);
  });
}
