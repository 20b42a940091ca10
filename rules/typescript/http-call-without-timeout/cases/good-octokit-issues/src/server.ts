import express from 'express';
import { openIssue } from './octokit-issues.ts';

const app = express();
app.use(express.json());
app.post('/octokit-issues', async (request, response) => {
  response.json(await openIssue(request.body));
});
app.listen(8080);
