import { manage } from '@acme/lifecycle';
import express from 'express';

const app = express();
manage(app.listen(8080));
