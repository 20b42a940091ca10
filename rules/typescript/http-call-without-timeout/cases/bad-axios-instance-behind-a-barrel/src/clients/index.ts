export { default as catalog } from './catalog.ts';
