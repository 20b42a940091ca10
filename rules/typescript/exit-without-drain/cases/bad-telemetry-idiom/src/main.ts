import './telemetry.ts';
import fastify from 'fastify';

const app = fastify();
app.get('/items', async () => []);
await app.listen({ port: 8080 });
