const express = require('express');

const app = express();
app.get('/accounts', (request, response) => response.json([]));
app.get('*', (request, response) => response.send('ok'));
app.listen(8080);
