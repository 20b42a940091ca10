import { paths } from '@acme/paths';
import express from 'express';

const app = express();
app.get(paths.probe, (_request, response) => response.sendStatus(200));
app.listen(8080);
