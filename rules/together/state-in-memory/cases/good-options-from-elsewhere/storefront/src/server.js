const express = require('express');
const session = require('express-session');

const app = express();
app.use(session({ ...require('./session'), resave: false }));

app.get('/', (request, response) => response.send('welcome'));
app.listen(8080);
