import express from 'express';

const app = express();
app.get('/orders', (_request, response) => response.json([]));
const server = app.listen(8080);
process.once('SIGTERM', () => server.close(() => process.exit(0)));
