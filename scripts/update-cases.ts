/** Rewrites expected.txt of every bad case: what its rule says of it now. Read the difference before it is committed. */
import { rmSync, writeFileSync } from 'node:fs';
import {
  analyseCase,
  casesOf,
  expectedFile,
  expectedText,
  ruleFolders,
  textOf,
} from '../test/cases.ts';

for (const { id, folder } of ruleFolders()) {
  for (const example of casesOf(id, folder)) {
    const file = expectedFile(example.folder);
    const text = textOf(await analyseCase(example));
    const before = expectedText(example);
    if (text === (before ?? '')) continue;
    if (text === '') rmSync(file);
    else if (example.name.startsWith('bad-')) writeFileSync(file, text);
    else continue;
    console.log(`${text === '' ? 'removed' : 'wrote'} ${id}/${example.name}`);
  }
}
