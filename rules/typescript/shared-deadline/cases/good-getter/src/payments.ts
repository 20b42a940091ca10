export class Payments {
  private get signal(): AbortSignal {
    return AbortSignal.timeout(5_000);
  }

  async of(order: string): Promise<unknown> {
    const answer = await fetch(`http://payments:8080/payments/${order}`, { signal: this.signal });
    return answer.json();
  }
}
