import got, { type Got } from 'got';

class Payments {
  #client: Got | undefined;

  private get client(): Got {
    this.#client ??= got.extend({ prefixUrl: 'http://payments:8080', retry: { limit: 0 } });
    return this.#client;
  }

  of(order: string): Promise<unknown> {
    return this.client.get(`payments/${order}`).json();
  }
}

export const payments = new Payments();
