import express from 'express';
import { nameOf } from './shared/files.ts';

const app = express();
app.get('/orders/:id', (request, response) => response.send(nameOf(request.params.id)));
app.listen(8080);
