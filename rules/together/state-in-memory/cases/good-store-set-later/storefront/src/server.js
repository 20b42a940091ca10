const express = require('express');
const session = require('express-session');

const options = { secret: process.env.SECRET, resave: false, saveUninitialized: false };
if (process.env.REDIS_URL) options.store = require('./store');
const app = express();
app.use(session(options));

app.get('/', (request, response) => response.send('welcome'));
app.listen(8080);
