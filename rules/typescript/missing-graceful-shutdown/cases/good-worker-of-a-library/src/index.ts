export { MailQueue } from './queue.ts';
