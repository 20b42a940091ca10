/** Where a call leads: its address as far as it is written. */
import type { CodeValue } from '../../code.ts';
import { type Abstract, each, placeOf, type Site } from './abstract.ts';
import type { Options } from './options.ts';
import { plainValue } from './settings.ts';

export function plainText(options: Options, value: Abstract, at: Site): CodeValue<string> {
  const plain = plainValue(options, value);
  if (plain.state === 'known') return { ...plain, value: String(plain.value) };
  return plain.state === 'absent' ? { ...plain, at: placeOf(at) } : plain;
}

export function isLocal(target: Abstract): boolean {
  const text =
    target.is === 'literal' && typeof target.value === 'string'
      ? target.value
      : target.is === 'text'
        ? // The default of a variable is not the address in a cluster.
          (target.parts[0] ?? '').slice(0, target.written)
        : '';
  return /^(?:(?:https?|wss?):\/\/)?(?:localhost|127\.\d+\.\d+\.\d+|\[::1\]|0\.0\.0\.0)(?:[:/?#]|$)|^unix:|^\/\/localhost/.test(
    text,
  );
}

/** The path or host of an address is one at which language models answer. */
export function asksModel(target: Abstract): boolean {
  return each(target).some((one) => {
    const text =
      one.is === 'text' ? one.parts.join('') : one.is === 'literal' ? String(one.value) : '';
    return MODELS.test(text);
  });
}

const MODELS =
  /\/chat\/completions|\/v1\/(?:completions|messages|responses|images\/generations)|\/api\/(?:chat|generate)$|:(?:stream)?generateContent|\/\/api\.(?:openai|anthropic|mistral|groq|deepseek|cohere|together)\./i;
