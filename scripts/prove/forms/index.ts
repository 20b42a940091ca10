import type { Proof } from '../proof.ts';
import { builtIn } from './built-in.ts';

export const proofs: readonly Proof[] = [...builtIn];
