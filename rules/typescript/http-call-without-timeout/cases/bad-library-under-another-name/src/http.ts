export { fetch as ask } from 'undici';
