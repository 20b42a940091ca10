/** What the parts of the join look things up in. */
import type { Library } from '../../../library.ts';
import type { DockerfileFacts } from '../../../project-facts.ts';
import type { CodeModel } from '../../code.ts';
import type { Packages, Project } from '../code/packages.ts';
import type { Program } from '../code/program.ts';
import type { Specifiers } from '../code/specifiers.ts';
import type { Place, Places } from './places.ts';

/** What programs are looked up in. */
export interface CodeIndex {
  readonly code: CodeModel;
  readonly program: Program;
  readonly packages: Packages;
  readonly specifiers: Specifiers;
  readonly places: Places;
  readonly dockerfiles: ReadonlyMap<string, DockerfileFacts>;
  readonly project: Project;
  readonly libraries: readonly Library[];
  /** The place whose program a Dockerfile builds, when nobody says how it is built. */
  placeOf(dockerfile: DockerfileFacts): Place | undefined;
  /** Files that set a global prefix of Nest. */
  readonly prefixing: readonly string[];
  /** The files that a file imports, itself included. */
  reached(entry: string): ReadonlySet<string>;
}
