import express from 'express';

const app = express();
app.use((request, response, next) => {
  if (request.path === '/favicon.ico' || /^\/robots\.txt$/.test(request.url)) response.sendStatus(404);
  else next();
});
app.get('/orders', (_request, response) => response.json([]));
app.listen(8080);
