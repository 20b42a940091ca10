import { createServer } from 'node:http';
import { createTerminus } from '@godaddy/terminus';
import express from 'express';

const server = createServer(express());
createTerminus(server, { signal: 'SIGTERM', healthChecks: { '/healthz': async () => 'ok' } });
server.listen(8080);
