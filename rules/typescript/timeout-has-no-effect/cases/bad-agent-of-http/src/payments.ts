import http from 'node:http';

const agent = new http.Agent({ keepAlive: true, timeout: 5_000 });

export function paymentOf(order: string): Promise<unknown> {
  return new Promise((resolve, reject) => {
    http
      .get(`http://payments:8080/payments/${order}`, { agent }, (answer) => answer.on('data', resolve))
      .on('error', reject);
  });
}
