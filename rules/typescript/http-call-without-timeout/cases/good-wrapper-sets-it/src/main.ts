import Router from '@koa/router';
import Koa from 'koa';
import { getJson } from './http.ts';

const router = new Router();
router.get('/orders/:id', async (context) => {
  context.body = await getJson(`http://payments:8080/payments/${context.params.id}`);
});

const app = new Koa();
app.use(router.routes());
app.listen(8080);
