/** Entry of the worker thread that changes program text. */
import { parentPort } from 'node:worker_threads';
import type { CodeFixAnswer, CodeFixWork } from './client.ts';
import { fixCode } from './edit.ts';

const port = parentPort;
port?.on('message', (work: CodeFixWork) => {
  port.postMessage(fixCode(work) satisfies CodeFixAnswer);
});
