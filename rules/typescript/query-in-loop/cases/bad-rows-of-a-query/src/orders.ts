import { pool } from './db.ts';

export async function ordersOf(customer: string): Promise<unknown> {
  const { rows } = await pool.query('select * from orders where customer = $1', [customer]);
  for (const order of rows) {
    const items = await pool.query('select * from items where order_id = $1', [order.id]);
    order.items = items.rows;
  }
  return rows;
}
