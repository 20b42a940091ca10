import { ServiceClient } from './service-client.ts';

export class Payments extends ServiceClient {
  constructor() {
    super('http://payments:8080');
  }

  of(order: string): Promise<unknown> {
    return this.get(`/payments/${order}`);
  }
}
