import { onCrash } from '@acme/crash';
import express from 'express';
import { report } from './report.ts';

const app = express();
app.get('/orders', (request, response) => response.json([]));
app.listen(8080);
process.on('uncaughtException', onCrash);
