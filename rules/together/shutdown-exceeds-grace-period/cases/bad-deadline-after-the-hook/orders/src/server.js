const express = require('express');

const app = express();
app.get('/healthz', (request, response) => response.send('ok'));
const server = app.listen(8080);
process.once('SIGTERM', () => {
  server.close(() => process.exit(0));
  setTimeout(() => process.exit(1), 25_000).unref();
});
