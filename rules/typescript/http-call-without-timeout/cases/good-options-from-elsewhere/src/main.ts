import axios, { type AxiosRequestConfig } from 'axios';
import express from 'express';
import { settings } from '@acme/settings';

const payments = axios.create(settings.http as AxiosRequestConfig);

const app = express();
app.get('/orders/:id', async (request, response) => {
  const { data } = await payments.get(`/payments/${request.params.id}`);
  response.json(data);
});
app.listen(8080);
