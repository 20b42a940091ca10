import type { Proof } from '../proof.ts';
import { builtIn } from './built-in.ts';
import { http } from './http.ts';
import { rpc } from './rpc.ts';

export const proofs: readonly Proof[] = [...builtIn, ...http, ...rpc];
