const flush = async (): Promise<void> => {};

process.on('SIGTERM', () => {
  flush().finally(() => process.exit(0));
});
