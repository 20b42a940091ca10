const express = require('express');
const platform = require('@acme/platform-routes');

const app = express();
app.use(platform());
app.post('/payments', (request, response) => response.status(201).end());
app.listen(8080);
