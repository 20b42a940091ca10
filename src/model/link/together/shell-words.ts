/** Command lines as a shell reads them, as far as that matters for which process is started. */

/** One simple command of a line. */
export interface SimpleCommand {
  readonly words: readonly string[];
  /** It is started with `exec`. */
  readonly exec: boolean;
}

export interface CommandLine {
  /** The last command, which runs as long as the container does. */
  readonly last?: SimpleCommand;
  /** Something runs before it, or it is more than a simple command. */
  readonly compound: boolean;
  /** False: pipes, background jobs, loops and the like, in which it cannot be told what runs. */
  readonly simple: boolean;
}

const OPERATORS = /^(?:&&|\|\||;)$/;
const KEYWORDS = /^(?:if|for|while|until|case|\{|\()/;

/** Splits a line into words and operators; quotes are taken off. */
export function tokensOf(
  text: string,
): readonly { readonly value: string; readonly operator: boolean }[] {
  const tokens: { value: string; operator: boolean }[] = [];
  const token =
    /&&|\|\||[;|&\n]|(?:[^\s'"&|;\\]|\\[\s\S]|'[^']*'|"(?:[^"\\]|\\[\s\S])*"|>&\d|&>)+/g;
  for (const [whole] of text.matchAll(token)) {
    if (/^(?:&&|\|\||[;|&\n])$/.test(whole)) {
      tokens.push({ value: whole === '\n' ? ';' : whole, operator: true });
      continue;
    }
    const value = whole.replace(
      /\\([\s\S])|'([^']*)'|"((?:[^"\\]|\\[\s\S])*)"/g,
      (_, escaped: string | undefined, single: string | undefined, double: string | undefined) =>
        escaped ?? single ?? (double ?? '').replace(/\\([\s\S])/g, '$1'),
    );
    tokens.push({ value, operator: false });
  }
  return tokens;
}

/** What a command line runs. */
export function commandLineOf(text: string): CommandLine {
  const commands: string[][] = [[]];
  let simple = true;
  for (const { value, operator } of tokensOf(text)) {
    if (!operator) commands.at(-1)?.push(value);
    else if (OPERATORS.test(value)) commands.push([]);
    else simple = false;
  }
  const filled = commands.filter((words) => words.length > 0);
  if (filled.some(([first = '']) => KEYWORDS.test(first))) simple = false;
  const words = filled.at(-1);
  if (words === undefined) return { compound: false, simple: false };
  // `NAME=value command`
  let from = 0;
  while (/^\w+=/.test(words[from] ?? '')) from++;
  const exec = words[from] === 'exec';
  return {
    last: { words: words.slice(exec ? from + 1 : from), exec },
    compound: filled.length > 1,
    simple,
  };
}
