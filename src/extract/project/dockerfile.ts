/** Dockerfiles: stages and their instructions, `$VARIABLES` as written. */
import type { SourceFile } from '../../facts.ts';
import type { Range } from '../../location.ts';
import type {
  Command,
  DockerfileFacts,
  IncompleteWhy,
  NamedText,
  PlacedText,
  Stage,
  Step,
} from '../../project-facts.ts';
import { type Instruction, instructionsOf, type Word } from './docker-lines.ts';
import { projectFile } from './file.ts';
import { present } from './nodes.ts';

export function dockerfileFacts(file: SourceFile): DockerfileFacts {
  const { instructions, complete } = instructionsOf(file.text);
  const before: NamedText[] = [];
  const stages: { -readonly [K in keyof Stage]: Stage[K] }[] = [];
  const steps: Step[][] = [];
  let incomplete: IncompleteWhy | undefined = complete ? undefined : 'syntax';
  for (const instruction of instructions) {
    const { keyword, range } = instruction;
    if (keyword === 'FROM') {
      const stage = stageOf(instruction);
      if (stage === undefined) {
        incomplete ??= 'syntax';
        continue;
      }
      const own: Step[] = [];
      steps.push(own);
      stages.push({ ...stage, steps: own });
      continue;
    }
    const stage = stages.at(-1);
    if (stage === undefined) {
      if (keyword === 'ARG') before.push(...argumentsOf(instruction));
      continue;
    }
    stage.range = [stage.range[0], range[1]];
    const step = stepOf(instruction);
    if (step !== undefined) steps.at(-1)?.push(step);
  }
  return { kind: 'dockerfile', ...projectFile(file, incomplete), arguments: before, stages };
}

function stageOf(instruction: Instruction): Stage | undefined {
  const { flags, words } = flagsAndWords(instruction);
  const [image, as, name] = words;
  if (image === undefined) return undefined;
  const isNamed = as?.value.toLowerCase() === 'as' && name !== undefined;
  return {
    image: placed(image),
    range: instruction.range,
    steps: [],
    ...present({
      name: isNamed ? { value: name.value.toLowerCase(), range: name.range } : undefined,
      platform: flags.get('platform'),
    }),
  };
}

function stepOf(instruction: Instruction): Step | undefined {
  const { keyword, range } = instruction;
  switch (keyword) {
    case 'WORKDIR':
    case 'USER':
    case 'STOPSIGNAL': {
      const is = keyword === 'WORKDIR' ? 'workdir' : keyword === 'USER' ? 'user' : 'stopsignal';
      const [first, ...rest] = instruction.words();
      if (first === undefined) return undefined;
      return { range, is, value: [first, ...rest].map(({ value }) => value).join(' ') };
    }
    case 'ENV':
      return { range, is: 'env', variables: variablesOf(instruction) };
    case 'ARG':
      return { range, is: 'arg', variables: argumentsOf(instruction) };
    case 'EXPOSE':
      return { range, is: 'expose', ports: instruction.words().map(placed) };
    case 'COPY':
    case 'ADD':
      return copyOf(instruction, keyword === 'COPY' ? 'copy' : 'add');
    case 'RUN':
    case 'ENTRYPOINT':
    case 'CMD':
    case 'SHELL': {
      const is = keyword.toLowerCase() as 'run' | 'entrypoint' | 'cmd' | 'shell';
      return { range, is, command: commandOf(instruction, instruction.afterFlags()) };
    }
    case 'HEALTHCHECK':
      return healthcheckOf(instruction);
    default:
      return undefined;
  }
}

function healthcheckOf(instruction: Instruction): Step | undefined {
  const start = instruction.afterFlags();
  const [, word = '', space = ''] = /^(\S*)(\s*)/.exec(instruction.body.slice(start)) ?? [];
  const { range } = instruction;
  if (word.toUpperCase() === 'NONE') return { range, is: 'healthcheck' };
  if (word.toUpperCase() !== 'CMD') return undefined;
  const command = commandOf(instruction, start + word.length + space.length);
  return { range, is: 'healthcheck', command };
}

/** The command that stands from `start` on in the body: a list in JSON, else text for a shell. */
function commandOf(instruction: Instruction, start: number): Command {
  const range = instruction.rangeFrom(start);
  const text = instruction.body.slice(start);
  const words = listOf(text);
  if (words !== undefined) return { form: 'exec', words, range };
  return { form: 'shell', text: text + instruction.heredocs, range };
}

function listOf(text: string): readonly string[] | undefined {
  if (!text.startsWith('[') || !text.trimEnd().endsWith(']')) return undefined;
  try {
    const value: unknown = JSON.parse(text);
    return Array.isArray(value) && value.every((word) => typeof word === 'string')
      ? value
      : undefined;
  } catch {
    return undefined;
  }
}

function copyOf(instruction: Instruction, form: 'copy' | 'add'): Step | undefined {
  const { flags, words } = flagsAndWords(instruction);
  const all =
    listOf(instruction.body.slice(instruction.afterFlags())) ?? words.map(({ value }) => value);
  const target = all.at(-1);
  if (target === undefined || all.length < 2) return undefined;
  return {
    range: instruction.range,
    is: 'copy',
    form,
    ...present({ from: flags.get('from') }),
    sources: all.slice(0, -1),
    target,
  };
}

/** `A=1 B=2`, or the old form `A all the rest`. */
function variablesOf(instruction: Instruction): readonly NamedText[] {
  const words = instruction.words();
  const [first, second] = words;
  if (first === undefined) return [];
  if (!first.raw.includes('=')) {
    if (second === undefined) return [];
    const start = second.start;
    const value = instruction.body.slice(start).trimEnd();
    return [
      {
        name: first.value,
        nameRange: first.range,
        value,
        range: instruction.rangeFrom(start),
      },
    ];
  }
  return words.flatMap((word) => assignmentOf(instruction, word) ?? []);
}

function argumentsOf(instruction: Instruction): readonly (NamedText & { hasDefault?: true })[] {
  return instruction.words().map((word) => {
    const assigned = assignmentOf(instruction, word);
    if (assigned !== undefined) return { ...assigned, hasDefault: true };
    const end = word.range[1];
    return { name: word.value, nameRange: word.range, value: '', range: [end, end] };
  });
}

function assignmentOf(instruction: Instruction, word: Word): NamedText | undefined {
  const equals = word.raw.indexOf('=');
  const inValue = word.value.indexOf('=');
  if (equals < 0 || inValue < 0) return undefined;
  return {
    name: word.value.slice(0, inValue),
    nameRange: instruction.place(word.start, word.start + equals),
    value: word.value.slice(inValue + 1),
    range: instruction.place(word.start + equals + 1, word.start + word.raw.length),
  };
}

function flagsAndWords(instruction: Instruction): {
  readonly flags: ReadonlyMap<string, string>;
  readonly words: readonly Word[];
} {
  const flags = new Map<string, string>();
  const all = instruction.words();
  let count = 0;
  for (const { value } of all) {
    if (!value.startsWith('--')) break;
    const equals = value.indexOf('=');
    if (equals < 0) flags.set(value.slice(2), '');
    else flags.set(value.slice(2, equals), value.slice(equals + 1));
    count++;
  }
  return { flags, words: all.slice(count) };
}

function placed({ value, range }: { value: string; range: Range }): PlacedText {
  return { value, range };
}
