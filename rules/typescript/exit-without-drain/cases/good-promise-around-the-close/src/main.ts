import express from 'express';

const app = express();
app.get('/orders', (_request, response) => response.json([]));
const server = app.listen(8080);

process.once('SIGTERM', () => {
  void new Promise<void>((resolve) => server.close(() => resolve())).finally(() => process.exit(0));
});
