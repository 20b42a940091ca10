const express = require('express');

const app = express();
app.get('/healthz', (request, response) => response.send('ok'));
app.get('/orders', (request, response) => response.json([]));
app.listen(8080);
