import { createServer } from 'node:http';
import { createTerminus } from '@godaddy/terminus';
import express from 'express';

const app = express();
app.get('/items', (_request, response) => response.json([]));
const server = createServer(app);
createTerminus(server, { signal: 'SIGTERM', healthChecks: { '/healthz': async () => 'ok' } });
server.listen(8080);
