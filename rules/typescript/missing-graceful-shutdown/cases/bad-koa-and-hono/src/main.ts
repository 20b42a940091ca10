import './admin.ts';
import Koa from 'koa';

const app = new Koa();
app.use((context) => {
  context.body = 'shop';
});
app.listen(8080);
