import express from 'express';

export const app = express();
app.get('/orders', (_request, response) => response.json([]));
