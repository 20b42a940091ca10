import { Pool, type PoolConfig } from 'pg';

export function poolOf(settings: PoolConfig): Pool {
  return new Pool({ max: 20, ...settings });
}
