import asyncHandler from 'express-async-handler';
import express from 'express';
import { pool } from './db.ts';
import { caught } from './caught.ts';

const app = express();
app.get('/orders', async (request, response, next) => {
  try {
    response.json((await pool.query('select * from orders')).rows);
  } catch (error) {
    next(error);
  }
});
app.get('/customers', asyncHandler(async (request, response) => {
  response.json((await pool.query('select * from customers')).rows);
}));
app.get('/items', caught(async (request, response) => {
  response.json((await pool.query('select * from items')).rows);
}));
app.get('/seen', async (request, response) => {
  response.json(await pool.query('select 1').catch(() => []));
});
app.get('/healthz', async (request, response) => response.sendStatus(200));
app.listen(8080);
