import express from 'express';

/** Stands in for the ledger on the machine of a developer. */
const ledger = express();
ledger.get('/entries', (_request, response) => response.json([]));
ledger.listen(8081);
