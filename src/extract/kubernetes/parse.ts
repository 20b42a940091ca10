/** One guarded YAML or JSON document of our own, such as the policy file: here mistakes are errors. */
import type { Node } from '../../facts.ts';
import type { Range } from '../../location.ts';
import { compose, MAX_DEPTH, MAX_TOKENS } from './compose.ts';
import { nodeOf } from './nodes.ts';
import { keyInWords } from './problems.ts';

export interface Parsed {
  /** The first document; undefined when it is empty or cannot be read. */
  readonly node: Node | undefined;
  /** One-line messages with their places, in the order of the text. */
  readonly problems: readonly { readonly range: Range; readonly message: string }[];
}

/** Reads a text that must be one document without mistakes. Never throws. */
export function parseYaml(text: string): Parsed {
  const problems: { range: Range; message: string }[] = [];
  const report = (message: string, range: Range) => problems.push({ range, message });
  let node: Node | undefined;
  const composed = compose(text, { tokens: MAX_TOKENS });
  for (const [index, document] of composed.entries()) {
    if (document.state === 'too-deep')
      report(`The text nests deeper than ${MAX_DEPTH} levels`, document.range);
    else if (document.state === 'too-large') report('The text is too large', [0, 0]);
    else if (document.state === 'broken') {
      const { reason, range } = document.problem();
      report(`The YAML cannot be read: ${reason}`, range);
    } else if (document.contents !== null) {
      const { range } = document.contents;
      if (index > 0)
        report('A second document stands here: only one is read', [range[0], range[1]]);
      else
        node = nodeOf(
          document.contents,
          { text, base: 0 },
          {
            duplicateKey: (key, at) => report(`${keyInWords(key)} stands twice`, at),
            unresolvedAlias: (_, at) => report('The alias names an anchor that does not exist', at),
          },
        );
    }
  }
  if (node?.kind === 'scalar' && node.value === null) node = undefined;
  return { node: problems.length > 0 ? undefined : node, problems };
}
