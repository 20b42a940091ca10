import { pool } from './db.ts';

export async function ordersOf(customer: string): Promise<unknown> {
  const { rows } = await pool.query('select * from orders where customer = $1', [customer]);
  const ids = rows.map(({ id }) => id);
  const items = await pool.query('select * from items where order_id = any($1)', [ids]);
  for (const order of rows) order.items = items.rows.filter((item) => item.order_id === order.id);
  return rows;
}
