export class OrdersGateway {
  constructor(private readonly fetch: (id: string) => Promise<unknown>) {}

  load(id: string) {
    return this.fetch(id);
  }
}
