const express = require('express');
const session = require('express-session');

const app = express();
app.use(session({ secret: process.env.SECRET, resave: false, saveUninitialized: false }));

app.get('/', (request, response) => response.send('welcome'));
app.listen(8080);
