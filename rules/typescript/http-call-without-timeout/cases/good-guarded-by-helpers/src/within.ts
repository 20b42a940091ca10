export function withTimeout<T>(work: Promise<T>, milliseconds: number): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error('too late')), milliseconds);
  });
  return Promise.race([work, late]).finally(() => clearTimeout(timer));
}

export function byHand<T>(work: Promise<T>, milliseconds: number): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error('too late')), milliseconds);
    work.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}

export class Patience {
  async wait<T>(work: Promise<T>): Promise<T> {
    return withTimeout(work, 3_000);
  }
}
