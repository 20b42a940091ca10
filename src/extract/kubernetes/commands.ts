/** Commands in scripts and pipelines: found by their first words, with their continuation lines. */

/** Commands of one kind in one file, and characters of one command, that are looked at. */
const MAX_COMMANDS = 1000;
const LONGEST_COMMAND = 4096;

export interface Command {
  readonly start: number;
  /** One command with its continuation lines; as long as the text that it stands for. */
  readonly text: string;
}

/** The commands of a text, found by a first word, each up to `end`; comments are left out. */
export function commandsOf(text: string, word: RegExp, end = /[\r\n|;]|&&/): readonly Command[] {
  const joined = text.replaceAll('\\\n', '  ').replaceAll('\\\r\n', '   ');
  const commands: Command[] = [];
  for (const match of joined.matchAll(word)) {
    if (commands.length >= MAX_COMMANDS) break;
    const before = joined.slice(Math.max(0, match.index - LONGEST_COMMAND), match.index);
    if (/^\s*(?:#|\/\/)/.test(before.slice(before.lastIndexOf('\n') + 1))) continue;
    const rest = joined.slice(match.index, match.index + LONGEST_COMMAND);
    const length = rest.search(end);
    commands.push({ start: match.index, text: length === -1 ? rest : rest.slice(0, length) });
  }
  return commands;
}

/** The words of a command from an offset on; `${{ x }}` and `$(x y)` count as part of a word. */
export function wordsOf(command: Command, from: number): readonly { word: string; at: number }[] {
  const word = /(?:\$\{\{[^}]*\}\}|\$\([^)]*\)|\{\{[^}]*\}\}|[^\s])+/g;
  return [...command.text.slice(from).matchAll(word)].map((match) => ({
    word: match[0],
    at: command.start + from + match.index,
  }));
}
