export { Dhl } from './dhl.ts';
export { Dpd } from './dpd.ts';
export { Fedex } from './fedex.ts';
export { Gls } from './gls.ts';
export { Hermes } from './hermes.ts';
export { Ups } from './ups.ts';
