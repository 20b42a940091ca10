import express from 'express';

class Pool {
  private readonly orders = new Map<string, unknown>();

  query(id: string): unknown {
    return this.orders.get(id);
  }
}

const pool = new Pool();
const app = express();
app.get('/orders/:id', (request, response) => response.json(pool.query(request.params.id)));
app.listen(8080);
