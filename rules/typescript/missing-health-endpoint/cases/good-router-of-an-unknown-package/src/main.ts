import { router } from '@acme/routes';
import express from 'express';

const app = express();
app.use(router);
app.listen(8080);
