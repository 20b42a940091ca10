import { createServer } from 'node:http';
import express from 'express';
import { Server } from 'socket.io';
import { endWith } from './end.ts';

const app = express();
app.get('/orders', (_request, response) => response.json([]));
const server = createServer(app);
const sockets = new Server(server);
server.listen(8080);
endWith(sockets);
