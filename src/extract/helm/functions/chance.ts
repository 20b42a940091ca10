/** Functions whose result is chance, or a secret that takes long to derive. */
import { type GoValue, type TemplateFunction, Unknown } from '../value.ts';
import { element, type Functions, variadic } from './signature.ts';

/** A text that differs each time, and is never empty. */
const chance = (why: string): TemplateFunction => variadic([], 'raw', () => new Unknown(why, true));

/** A certificate and its key: `.Cert` and `.Key` exist, and nobody knows them. */
const certificate: TemplateFunction = variadic([], 'raw', (_, __, call) => {
  const unknown: GoValue = new Unknown('a certificate that is made each time', true);
  return new Map(['Cert', 'Key'].map((name) => [name, element(unknown, call)]));
});

const text = chance('chance');
const key = chance('a key that is made each time');
const derived = chance('a derived secret');

export const chances: Functions = {
  randAlphaNum: text,
  randAlpha: text,
  randAscii: text,
  randNumeric: text,
  randBytes: text,
  randInt: variadic([], 'raw', () => new Unknown('chance')),
  shuffle: text,
  uuidv4: text,
  genPrivateKey: key,
  genCA: certificate,
  genCAWithKey: certificate,
  genSelfSignedCert: certificate,
  genSelfSignedCertWithKey: certificate,
  genSignedCert: certificate,
  genSignedCertWithKey: certificate,
  buildCustomCert: certificate,
  derivePassword: derived,
  bcrypt: derived,
  htpasswd: derived,
  encryptAES: derived,
  decryptAES: derived,
};
