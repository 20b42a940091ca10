import { DataSource } from 'typeorm';
import { Order } from './order.ts';

export const dataSource = new DataSource({ type: 'postgres', host: 'db', entities: [Order] });
