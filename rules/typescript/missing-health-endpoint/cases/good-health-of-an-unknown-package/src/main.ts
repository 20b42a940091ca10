import { actuator } from '@acme/actuator';
import express from 'express';

const app = express();
app.use(actuator());
app.get('/orders', (_request, response) => response.json([]));
app.listen(8080);
