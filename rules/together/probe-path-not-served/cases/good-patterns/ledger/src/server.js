const express = require('express');

const app = express();
app.get('/Status/:part', (request, response) => response.send('ok'));
app.listen(8080);
