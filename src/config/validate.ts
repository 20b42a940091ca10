/** Validates a policy file with its JSON schema, and says what is wrong so that a person can mend it. */
import { Ajv, type ErrorObject } from 'ajv';
import type { MapNode, Node } from '../facts.ts';
import type { Range } from '../location.ts';
import { nearest } from '../nearest.ts';
import type { AnyRule } from '../rule.ts';
import { policySchema } from './schema.ts';

/** The node that a JSON pointer names, and the key that it stands under. */
function nodeAt(root: Node, pointer: string): { readonly node: Node; readonly keyRange: Range } {
  let node = root;
  let keyRange = root.range;
  for (const part of pointer.split('/').slice(1)) {
    const name = part.replaceAll('~1', '/').replaceAll('~0', '~');
    if (node.kind === 'map') {
      const entry = node.entries.findLast(({ key }) => key === name);
      if (entry === undefined) break;
      node = entry.value;
      keyRange = entry.keyRange;
    } else if (node.kind === 'sequence') {
      const item = node.items[Number(name)];
      if (item === undefined) break;
      node = item;
      keyRange = item.range;
    }
  }
  return { node, keyRange };
}

/** Something wrong in a policy file. */
export interface Problem {
  readonly range: Range;
  readonly message: string;
}

function keyRangeOf(map: Node, key: string): Range {
  if (map.kind !== 'map') return map.range;
  return map.entries.findLast((entry) => entry.key === key)?.keyRange ?? map.range;
}

function list(values: readonly unknown[]): string {
  return values.map(String).join(', ');
}

/** `Did you mean`, or the names that there are when none is near and they are few. */
function hint(name: string, names: readonly string[]): string {
  const near = nearest(name, names);
  if (near !== undefined) return `; did you mean "${near}"?`;
  return names.length <= 12 ? `; there are ${list(names)}` : '';
}

const WANTED: ReadonlyMap<unknown, string> = new Map([
  ['array', 'a list'],
  ['object', 'a map'],
  ['string', 'text'],
  ['boolean', 'true or false'],
  ['integer', 'a whole number'],
  ['number', 'a number'],
]);

/** One error of ajv in words of the policy file; undefined for one that another error explains better. */
function problemOf(
  error: ErrorObject,
  root: Node,
  all: readonly ErrorObject[],
): Problem | undefined {
  const { instancePath, keyword, params, parentSchema, data } = error;
  const path = instancePath.slice(1).replaceAll('/', '.').replaceAll('~1', '/');
  const { node } = nodeAt(root, instancePath);
  const named = path === '' ? 'The policy file' : path;
  const others = all.filter((other) => other.instancePath === instancePath);
  switch (keyword) {
    case 'anyOf':
      return undefined;
    case 'additionalProperties': {
      const key = String(params.additionalProperty);
      const names = Object.keys((parentSchema?.properties as object | undefined) ?? {});
      const what = /(?:^|\.)rules$/.test(path)
        ? `There is no rule "${key}"`
        : `There is no key "${key}"`;
      const where = path === '' || path === 'rules' ? '' : ` in ${path}`;
      return { range: keyRangeOf(node, key), message: `${what}${where}${hint(key, names)}` };
    }
    case 'enum': {
      // A rule is a level or a map: what is a map is judged as one.
      if (node.kind === 'map') return undefined;
      const values: readonly unknown[] = params.allowedValues;
      const near = typeof data === 'string' ? nearest(data, values.map(String)) : undefined;
      const meant = near === undefined ? '' : `; did you mean "${near}"?`;
      const actual = typeof data === 'object' ? 'a list' : `"${String(data)}"`;
      return {
        range: node.range,
        message: `${named} is ${actual}, not one of ${list(values)}${meant}`,
      };
    }
    case 'type': {
      if (others.some((other) => other.keyword === 'enum')) return undefined;
      const wanted = WANTED.get(params.type) ?? String(params.type);
      return { range: node.range, message: `${named} must be ${wanted}` };
    }
    case 'minimum':
      return {
        range: node.range,
        message: `${named} must be at least ${params.limit}, not ${data}`,
      };
    case 'maximum':
      return {
        range: node.range,
        message: `${named} must be at most ${params.limit}, not ${data}`,
      };
    case 'required':
      return {
        range: node.range,
        message: `${named} lacks the key "${params.missingProperty}"${params.missingProperty === 'reason' ? ': say why' : ''}`,
      };
    case 'pattern':
      return {
        range: node.range,
        message:
          path.endsWith('.until') || path === 'until'
            ? `${named} is "${String(data)}", not a day such as 2027-03-31`
            : `${named} must not be empty`,
      };
    case 'minItems':
    case 'minLength':
      return { range: node.range, message: `${named} must not be empty` };
    default:
      return { range: node.range, message: `${named} ${error.message ?? 'is wrong'}` };
  }
}

/** What is wrong with a policy file, in the words of the file; empty when nothing is. */
export function validate(
  node: MapNode,
  value: unknown,
  rules: readonly AnyRule[],
): readonly Problem[] {
  const ajv = new Ajv({ allErrors: true, verbose: true, strict: true });
  const accepts = ajv.compile(policySchema(rules));
  if (accepts(value)) return [];
  const errors = accepts.errors ?? [];
  return errors.flatMap((error) => problemOf(error, node, errors) ?? []);
}
