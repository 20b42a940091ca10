/** One project file to its facts. Lockfiles, of which only a part is wanted, have an entrance of their own: lockfile.ts. */
import type { SourceFile } from '../../facts.ts';
import type { ProjectFacts } from '../../project-facts.ts';
import { frameworkOf, projectFileKind } from './candidates.ts';
import { compilerFacts } from './compiler.ts';
import { composeFacts, skaffoldFacts } from './compose.ts';
import { dockerfileFacts } from './dockerfile.ts';
import { environmentFacts, procfileFacts } from './environment.ts';
import { projectFile } from './file.ts';
import { nestFacts, serverlessFacts, wranglerFacts } from './frameworks.ts';
import { packageFacts } from './package.ts';
import { lernaFacts, nxProjectFacts, pnpmWorkspaceFacts, rushFacts } from './workspaces.ts';

/** What a file says; undefined when its name is that of no project file or of a lockfile. Pure, never throws. */
export function extractProject(file: SourceFile): ProjectFacts | undefined {
  switch (projectFileKind(file.path)) {
    case 'package':
      return packageFacts(file);
    case 'pnpm-workspace':
      return pnpmWorkspaceFacts(file);
    case 'lerna':
      return lernaFacts(file);
    case 'rush':
      return rushFacts(file);
    case 'nx-project':
      return nxProjectFacts(file);
    case 'compiler':
      return compilerFacts(file);
    case 'dockerfile':
      return dockerfileFacts(file);
    case 'compose':
      return composeFacts(file);
    case 'skaffold':
      return skaffoldFacts(file);
    case 'procfile':
      return procfileFacts(file);
    case 'environment':
      return environmentFacts(file);
    case 'nest':
      return nestFacts(file);
    case 'serverless':
      return serverlessFacts(file);
    case 'wrangler':
      return wranglerFacts(file);
    case 'framework': {
      const framework = frameworkOf(file.path);
      return framework && { kind: 'framework', ...projectFile(file, undefined), framework };
    }
    default:
      return undefined;
  }
}
