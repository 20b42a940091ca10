import { createServer } from 'node:http';
import { answerTo } from './answers.mjs';

const server = createServer((request, response) => response.end(answerTo(request.url)));
server.listen(8080);
process.once('SIGTERM', () => server.close());
