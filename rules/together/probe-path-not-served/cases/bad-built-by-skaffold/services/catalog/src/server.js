const express = require('express');

const app = express();
app.get('/catalog', (request, response) => response.json([]));
app.get('/health', (request, response) => response.send('ok'));
app.listen(8080);
