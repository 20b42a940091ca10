import Router from '@koa/router';
import Koa from 'koa';
import { entriesOf } from './entries.ts';

const router = new Router();
router.get('/entries/:account', async (context) => {
  context.body = await entriesOf(context.params.account);
});
const app = new Koa();
app.use(router.routes());
app.listen(8080);
