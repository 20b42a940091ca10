export function onSigterm(): void {
  process.once('SIGTERM', () => process.exit(0));
}
