const TERMINATION: readonly NodeJS.Signals[] = ['SIGTERM', 'SIGINT'];

export function closeOnSigterm(close: () => Promise<void>): void {
  for (const signal of TERMINATION) process.once(signal, () => void close());
}
