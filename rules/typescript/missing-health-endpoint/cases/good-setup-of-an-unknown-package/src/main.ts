import { prepare } from '@acme/service';
import express from 'express';

const app = express();
prepare({ app });
app.get('/orders', (_request, response) => response.json([]));
app.listen(8080);
