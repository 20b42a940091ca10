/** Entry of the worker thread: the only place of a run that loads TypeScript. */
import { extractCode } from './extract.ts';
import { serve } from './serve.ts';

serve(extractCode);
