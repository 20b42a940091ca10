import type { Proof } from '../proof.ts';
import { builtIn } from './built-in.ts';
import { data } from './data.ts';
import { http } from './http.ts';
import { queues } from './queues.ts';
import { rpc } from './rpc.ts';
import { sdks } from './sdks.ts';
import { servers } from './servers.ts';
import { sql } from './sql.ts';

export const proofs: readonly Proof[] = [
  ...builtIn,
  ...http,
  ...rpc,
  ...sdks,
  ...sql,
  ...data,
  ...queues,
  ...servers,
];
