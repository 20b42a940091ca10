process.on('SIGTERM', () => {
  console.log('the last metrics');
  process.exit(0);
});
