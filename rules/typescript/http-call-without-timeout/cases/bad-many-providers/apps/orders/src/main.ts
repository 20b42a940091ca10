import * as providers from '@shop/providers';
import express from 'express';

const app = express();
app.get('/providers', (_request, response) => response.json(Object.keys(providers)));
app.listen(8080);
