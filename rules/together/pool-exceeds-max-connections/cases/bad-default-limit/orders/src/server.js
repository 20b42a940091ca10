const express = require('express');
const { Pool } = require('pg');

const pool = new Pool({ connectionString: process.env.DATABASE_URL, max: 20, query_timeout: 3000, connectionTimeoutMillis: 2000 });
pool.on('error', console.error);
const app = express();
app.get('/orders', async (request, response) => {
  const { rows } = await pool.query('SELECT id FROM orders LIMIT 50');
  response.json(rows);
});
app.listen(8080);
