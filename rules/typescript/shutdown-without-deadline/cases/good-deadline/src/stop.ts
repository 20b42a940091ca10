export function stop(): void {
  setTimeout(() => process.exit(1), 20_000).unref();
}
