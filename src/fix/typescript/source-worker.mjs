/** Entry of the worker thread when the sources run as they are, in tests: Node 20 gives the loader of tsx to the main thread only. */
import { register } from 'tsx/esm/api';

register();
await import('./worker.ts');
