const express = require('express');
const session = require('express-session');
const store = require('./store');

const app = express();
app.use(session({ secret: process.env.SECRET, store, resave: false, saveUninitialized: false }));

app.get('/', (request, response) => response.send('welcome'));
app.listen(8080);
