import pLimit from 'p-limit';
import { pool } from './db.ts';

const limit = pLimit(5);
const regions = ['eu', 'us'];

export async function ordersOf(customer: string): Promise<unknown> {
  const few = await pool.query('select * from orders where customer = $1 limit 20', [customer]);
  await Promise.all(few.rows.map((order) => pool.query('select * from items where id = $1', [order.id])));
  await Promise.all(regions.map((region) => pool.query('select * from stock where region = $1', [region])));
  const { rows } = await pool.query('select * from orders where customer = $1', [customer]);
  return Promise.all(
    rows.map((order) => limit(() => pool.query('select * from items where order_id = $1', [order.id]))),
  );
}
