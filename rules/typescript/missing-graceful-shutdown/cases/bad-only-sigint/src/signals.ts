export function onInterrupt(close: () => Promise<void>): void {
  process.once('SIGINT', () => void close());
}
