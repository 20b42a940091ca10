/** Which objects a patch or a replacement is meant for. */
import type { Node } from '../../../facts.ts';
import { patternOf } from './pattern.ts';
import { effectiveNamespace, type Identity, originalOf, type Resource } from './resource.ts';
import { nodeAt, textAt, writtenText } from './tree.ts';

/** Whether something is meant: known, or hidden by something that cannot be read. */
export type Certainty = 'yes' | 'no' | 'perhaps';

export function both(a: Certainty, b: Certainty): Certainty {
  if (a === 'no' || b === 'no') return 'no';
  return a === 'yes' && b === 'yes' ? 'yes' : 'perhaps';
}

export function either(a: Certainty, b: Certainty): Certainty {
  if (a === 'yes' || b === 'yes') return 'yes';
  return a === 'no' && b === 'no' ? 'no' : 'perhaps';
}

/** Kustomize takes what a selector writes as a regular expression for the whole of a name. */
function isMatch(selector: Node, key: string, value: string): Certainty {
  const node = nodeAt(selector, key);
  if (node === undefined) return 'yes';
  const wanted = writtenText(node);
  if (node.kind === 'unknown' || wanted === undefined) return 'perhaps';
  if (wanted === '' || wanted === value) return 'yes';
  const pattern = patternOf(wanted, true);
  if (pattern === undefined) return 'perhaps';
  return pattern(value) ? 'yes' : 'no';
}

export function matchesKind(selector: Node, id: Identity): Certainty {
  const { group, version, kind } = id;
  return both(
    isMatch(selector, 'kind', kind),
    both(isMatch(selector, 'group', group), isMatch(selector, 'version', version)),
  );
}

export function matchesName(selector: Node, name: string): Certainty {
  return isMatch(selector, 'name', name);
}

export function matchesNamespace(selector: Node, namespace: string): Certainty {
  return isMatch(selector, 'namespace', namespace);
}

/** Whether a target takes an object, under its present name or the one that its file gives it. */
export function isSelected(target: Node | undefined, resource: Resource): Certainty {
  if (target?.kind !== 'map') return 'perhaps';
  const { id } = resource;
  const first = originalOf(resource);
  let answer = matchesKind(target, id);
  if (answer === 'no') return answer;
  answer = both(answer, either(matchesName(target, first.name), matchesName(target, id.name)));
  if (nodeAt(target, 'namespace') !== undefined) {
    const namespaces = [first, id].map(effectiveNamespace);
    const [a = 'no', b = 'no'] = namespaces.map((one) => matchesNamespace(target, one));
    const found = either(a, b);
    answer = both(answer, found === 'no' && resource.namespaceUnknown ? 'perhaps' : found);
  }
  return both(answer, matchesLabels(target, resource));
}

/** The label and annotation selectors of a target. */
export function matchesLabels(target: Node, { body }: Resource): Certainty {
  let answer: Certainty = 'yes';
  for (const [key, field] of [
    ['labelSelector', 'labels'],
    ['annotationSelector', 'annotations'],
  ] as const) {
    const node = nodeAt(target, key);
    if (node === undefined) continue;
    const requirements = requirementsOf(writtenText(node) ?? '');
    if (node.kind === 'unknown' || requirements === undefined) answer = both(answer, 'perhaps');
    else if (requirements.length > 0 && body === undefined) answer = both(answer, 'perhaps');
    else
      for (const one of requirements)
        answer = both(answer, isMet(one, nodeAt(body, 'metadata', field)));
  }
  return answer;
}

interface Requirement {
  readonly key: string;
  /** undefined: the key is there. */
  readonly values?: readonly string[];
  readonly negated: boolean;
}

const REQUIREMENT =
  /^\s*(?:(!)\s*([\w./-]+)|([\w./-]+)\s*(?:(==|=|!=)\s*([\w.-]*)|\s(in|notin)\s*\(([^()]*)\))?)\s*(?:,|$)/;

/** The parts of a label selector (`a=b,c in (d, e),!f`); undefined when it cannot be read. */
function requirementsOf(text: string): readonly Requirement[] | undefined {
  const requirements: Requirement[] = [];
  let rest = text.trim();
  while (rest !== '') {
    const match = REQUIREMENT.exec(rest);
    if (match === null || match[0] === '' || requirements.length > 100) return undefined;
    rest = rest.slice(match[0].length);
    const [, not, absent, key = '', sign, value = '', among, list = ''] = match;
    if (not !== undefined) requirements.push({ key: absent ?? '', negated: true });
    else if (sign !== undefined)
      requirements.push({ key, values: [value], negated: sign === '!=' });
    else if (among !== undefined) {
      const values = list.split(',').map((one) => one.trim());
      requirements.push({ key, values, negated: among === 'notin' });
    } else requirements.push({ key, negated: false });
  }
  return requirements;
}

function isMet({ key, values, negated }: Requirement, labels: Node | undefined): Certainty {
  if (labels?.kind === 'unknown') return 'perhaps';
  const node = nodeAt(labels, key);
  if (node?.kind === 'unknown' && values !== undefined) return 'perhaps';
  const text = writtenText(node) ?? '';
  const holds = node !== undefined && (values === undefined || values.includes(text));
  return holds === negated ? 'no' : 'yes';
}

/** The text of a field that is no pattern: an exact value, '' for any; undefined when it cannot be read. */
export function exactText(node: Node, key: string): string | undefined {
  const value = nodeAt(node, key);
  if (value === undefined) return '';
  return value.kind === 'unknown' ? undefined : (textAt(node, key) ?? '');
}
