/** What the project files of a run say: packages, workspaces, settings, lockfiles. */
import { projectFileKind } from './extract/project/candidates.ts';
import { extractProject } from './extract/project/extract.ts';
import { lockfileFacts } from './extract/project/lockfile.ts';
import type { SourceFile } from './facts.ts';
import type { Library } from './library.ts';
import type { Project } from './model/link/code/packages.ts';

/**
 * Reads all project files among `files`; others are left alone. Of lockfiles only what decides about described libraries is
 * kept. Pure; the order of the files does not matter.
 */
export function readProject(files: readonly SourceFile[], libraries: readonly Library[]): Project {
  const sorted = [...files].sort((a, b) => (a.path < b.path ? -1 : 1));
  const facts = sorted.flatMap((file) => extractProject(file) ?? []);
  const wanted = new Set<string>();
  for (const { packages, decidedBy } of libraries)
    for (const name of [...packages.map((described) => described.name), decidedBy ?? ''])
      if (name !== '' && !name.includes('*')) wanted.add(name);
  // Families of packages (`@aws-sdk/client-*`) are wanted by the names that somebody depends on.
  for (const file of facts)
    if (file.kind === 'package') for (const { name } of file.dependencies) wanted.add(name);
  const lockfiles = sorted.flatMap((file) =>
    projectFileKind(file.path) === 'lockfile'
      ? (lockfileFacts(file.path, file.text, wanted) ?? [])
      : [],
  );
  return { files: facts, lockfiles };
}
