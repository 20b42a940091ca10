export function stop(): void {
  console.log('orders stops');
  process.exit(0);
}
