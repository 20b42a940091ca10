/** What ts-morph says, in memory: no disk, no tsconfig, no library of types. */
import { Project, ts } from 'ts-morph';
import type { SourceFile } from '../../src/facts.ts';
import type { Program } from '../../src/model/link/code/program.ts';
import type { Answer, Place, Question } from './answer.ts';

export interface Theirs {
  answer(question: Question): Answer;
  /** Modules that both sides find, and where they differ: theirs is TypeScript's own resolution. */
  readonly modules: {
    readonly same: number;
    readonly onlyOurs: number;
    readonly onlyTheirs: readonly string[];
    readonly different: readonly string[];
  };
}

/**
 * Without a tsconfig TypeScript knows no path mappings and no workspaces: a specifier that it cannot resolve goes where our
 * linker says, so that what stands behind it is compared all the same.
 */
export function theirsOf(files: readonly SourceFile[], ours: Program): Theirs {
  const modules = {
    same: 0,
    onlyOurs: 0,
    onlyTheirs: [] as string[],
    different: [] as string[],
  };
  const seen = new Set<string>();
  const project = new Project({
    useInMemoryFileSystem: true,
    skipLoadingLibFiles: true,
    skipFileDependencyResolution: true,
    compilerOptions: {
      noLib: true,
      types: [],
      allowJs: true,
      module: ts.ModuleKind.ESNext,
      moduleResolution: ts.ModuleResolutionKind.Bundler,
      jsx: ts.JsxEmit.Preserve,
    },
    resolutionHost: () => ({
      resolveModuleNames: (names, containing) => names.map((name) => resolve(name, containing)),
    }),
  });
  const host = project.getModuleResolutionHost();

  function resolve(name: string, containing: string): ts.ResolvedModuleFull | undefined {
    const settings = project.compilerOptions.get();
    const theirs = ts.resolveModuleName(name, containing, settings, host).resolvedModule;
    const own = ours.specifiers.resolve(containing.slice(1), name);
    const ownPath = own.is === 'file' ? `/${own.path}` : undefined;
    const line = `${containing.slice(1)} ${name}`;
    if (!seen.has(line)) {
      seen.add(line);
      if (theirs !== undefined && ownPath === undefined)
        modules.onlyTheirs.push(`${line} -> ${theirs.resolvedFileName.slice(1)}`);
      else if (theirs === undefined) modules.onlyOurs += ownPath === undefined ? 0 : 1;
      else if (theirs.resolvedFileName === ownPath) modules.same++;
      else
        modules.different.push(
          `${line} -> ours ${ownPath?.slice(1)}, theirs ${theirs.resolvedFileName.slice(1)}`,
        );
    }
    if (theirs !== undefined || ownPath === undefined) return theirs;
    return { resolvedFileName: ownPath, extension: ts.Extension.Ts };
  }

  for (const { path, text } of files) project.createSourceFile(`/${path}`, text);
  const program = project.getProgram().compilerObject;
  // Scripts share their names in one page; we read every file by itself. ts-morph does not hand `moduleDetection` to its parser.
  for (const file of program.getSourceFiles())
    Object.assign(file, { externalModuleIndicator: indicatorOf(file) ?? true });
  const checker = program.getTypeChecker();
  const names = new Map<string, ReadonlyMap<number, ts.Node>>();

  function nameAt(path: string, start: number): ts.Node | undefined {
    let known = names.get(path);
    if (known === undefined) {
      known = namesOf(program.getSourceFile(`/${path}`));
      names.set(path, known);
    }
    return known.get(start);
  }

  return {
    modules,
    answer({ path, start, kind }) {
      const node = nameAt(path, start);
      if (node === undefined) return { none: 'no name stands there' };
      const symbol = checker.getSymbolAtLocation(node);
      if (symbol === undefined) return { none: 'no symbol' };
      const isAlias = (symbol.flags & ts.SymbolFlags.Alias) !== 0;
      const target = isAlias ? checker.getAliasedSymbol(symbol) : symbol;
      const declared = target.declarations ?? [];
      if (declared.length === 0) return { none: isAlias ? 'alias of nothing' : 'no declaration' };
      // In JavaScript `process.env.MODE = 'test'` counts as a declaration of `process`.
      if (kind === 'root' && !isAlias && declared.every(isAssigned))
        return { none: 'only assignments to its members' };
      const places = declared.map(placeOf);
      if (kind === 'import' && !isAlias) return { none: 'a variable, no alias' };
      return { places };
    },
  };
}

/** What makes a file a module for TypeScript. */
function indicatorOf(file: ts.SourceFile): unknown {
  return Reflect.get(file, 'externalModuleIndicator');
}

function isAssigned(declaration: ts.Declaration): boolean {
  return (
    ts.isPropertyAccessExpression(declaration) ||
    ts.isElementAccessExpression(declaration) ||
    ts.isBinaryExpression(declaration) ||
    ts.isIdentifier(declaration)
  );
}

/** Identifiers by their offset. The stack is explicit: the code may be nested as deep as it likes. */
function namesOf(file: ts.SourceFile | undefined): ReadonlyMap<number, ts.Node> {
  const found = new Map<number, ts.Node>();
  const open: ts.Node[] = file === undefined ? [] : [file];
  for (let node = open.pop(); node !== undefined; node = open.pop()) {
    if (ts.isIdentifier(node) || ts.isPrivateIdentifier(node)) found.set(node.getStart(file), node);
    ts.forEachChild(node, (child) => {
      open.push(child);
    });
  }
  return found;
}

function placeOf(declaration: ts.Declaration): Place {
  const file = declaration.getSourceFile();
  const path = file.fileName.slice(1);
  if (ts.isSourceFile(declaration)) return { path, start: 0 };
  const start = (node: ts.Node) => node.getStart(file);
  const isSignature =
    ts.isMethodSignature(declaration) ||
    ts.isPropertySignature(declaration) ||
    (ts.isMethodDeclaration(declaration) && declaration.body === undefined);
  const end = ts.isFunctionLike(declaration) || ts.isClassLike(declaration);
  const value = initialiserOf(declaration);
  return {
    path,
    start: start(ts.getNameOfDeclaration(declaration) ?? value ?? declaration),
    ...(value === undefined ? {} : { also: [start(value)] }),
    ...(isSignature ? { signature: true as const } : {}),
    ...(end || (value !== undefined && ts.isFunctionLike(value)) ? {} : { holds: true as const }),
    ...(end ? { end: declaration.end } : value === undefined ? {} : { end: value.end }),
  };
}

function initialiserOf(declaration: ts.Declaration): ts.Node | undefined {
  if (ts.isExportAssignment(declaration)) return declaration.expression;
  if (ts.isBinaryExpression(declaration)) return declaration.right;
  // `exports.name` is the declaration, and the assignment around it has the value.
  if (ts.isPropertyAccessExpression(declaration) && ts.isBinaryExpression(declaration.parent))
    return declaration.parent.right;
  if (
    ts.isVariableDeclaration(declaration) ||
    ts.isPropertyAssignment(declaration) ||
    ts.isPropertyDeclaration(declaration)
  )
    return declaration.initializer;
  return undefined;
}
