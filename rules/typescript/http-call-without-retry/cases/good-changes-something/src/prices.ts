import { send } from './send.ts';

export const order = (id: string) => send('http://payments/charges', id);
