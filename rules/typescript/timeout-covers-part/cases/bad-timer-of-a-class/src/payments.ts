export class Payments {
  constructor(private readonly milliseconds: number) {}

  async of(order: string): Promise<unknown> {
    const controller = new AbortController();
    const timer = setTimeout(() => controller.abort(), this.milliseconds);
    const { signal } = controller;
    const answer = await fetch(`http://payments:8080/payments/${order}`, { signal }).finally(() => {
      clearTimeout(timer);
    });
    if (!answer.ok) throw new Error(`payments: ${answer.status}`);
    return answer.json();
  }
}
