import { ServiceClient } from './service-client.ts';

export class Payments extends ServiceClient {
  constructor() {
    super({ baseURL: 'http://payments:8080', timeout: 2_000 });
  }

  of(order: string): Promise<unknown> {
    return this.get(`/payments/${order}`);
  }
}
