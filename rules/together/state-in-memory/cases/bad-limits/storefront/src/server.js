const express = require('express');
const { rateLimit } = require('express-rate-limit');

const options = { windowMs: 60_000, limit: 100 };
const app = express();
app.use(rateLimit(options));

app.get('/', (request, response) => response.send('welcome'));
app.listen(8080);
