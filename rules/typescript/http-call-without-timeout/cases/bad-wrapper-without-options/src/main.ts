import Router from '@koa/router';
import Koa from 'koa';
import { getJson } from './http.ts';

const router = new Router();
router.get('/orders/:id', async (context) => {
  context.body = {
    payment: await getJson(`http://payments:8080/payments/${context.params.id}`),
    items: await getJson('http://catalog:8080/items'),
  };
});

const app = new Koa();
app.use(router.routes());
app.listen(8080);
