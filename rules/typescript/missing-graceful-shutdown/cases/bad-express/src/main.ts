import { app } from './app.ts';

app.listen(8080, () => console.log('orders listens on 8080'));
