import express from 'express';

const probes = express();
probes.get('/livez', (_request, response) => response.sendStatus(200));
probes.listen(9090);
