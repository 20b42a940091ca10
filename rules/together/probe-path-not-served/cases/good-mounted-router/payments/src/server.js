const express = require('express');
const health = require('./health');

const app = express();
app.use('/internal', health);
app.post('/payments', (request, response) => response.status(201).end());
app.listen(8080);
