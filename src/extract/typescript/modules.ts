/** What a file takes from other modules and gives to them, ES modules and CommonJS. */
import type { TSESTree } from '@typescript-eslint/types';
import type { ImportedName, ImportFact } from '../../code-facts.ts';
import type { Range } from '../../location.ts';
import { type Draft, rangeOf } from './draft.ts';
import { moduleName, stringOf } from './names.ts';
import { targetsOf } from './patterns.ts';
import type { Node } from './syntax.ts';

const TYPE_ONLY = { typeOnly: true } as const;

export function addImport(node: TSESTree.ImportDeclaration, draft: Draft): void {
  const names: ImportedName[] = [];
  for (const specifier of node.specifiers) {
    const binding = draft.declared(specifier.local);
    if (binding === undefined) continue;
    const isType = specifier.type === 'ImportSpecifier' && specifier.importKind === 'type';
    names.push({ imported: importedBy(specifier), binding, ...(isType ? TYPE_ONLY : {}) });
  }
  push(draft, {
    range: rangeOf(node),
    from: node.source.value,
    fromRange: rangeOf(node.source),
    form: 'import',
    ...(node.importKind === 'type' ? TYPE_ONLY : {}),
    names,
  });
}

function importedBy(specifier: TSESTree.ImportClause): string {
  if (specifier.type === 'ImportDefaultSpecifier') return 'default';
  if (specifier.type === 'ImportNamespaceSpecifier') return '*';
  return moduleName(specifier.imported);
}

function push(draft: Draft, fact: ImportFact): number {
  const index = draft.imports.push(fact) - 1;
  for (const { imported, binding } of fact.names) {
    const declared = draft.bindings[binding];
    if (declared?.kind === 'import') declared.from = { import: index, imported };
  }
  return index;
}

/** `import x = require('x')`. */
export function addImportEquals(node: TSESTree.TSImportEqualsDeclaration, draft: Draft): void {
  const { moduleReference } = node;
  if (moduleReference.type !== 'TSExternalModuleReference') return;
  const from = stringOf(moduleReference.expression);
  const binding = draft.declared(node.id);
  if (from === undefined) return;
  push(draft, {
    range: rangeOf(node),
    from,
    fromRange: rangeOf(moduleReference.expression),
    form: 'require',
    ...(node.importKind === 'type' ? TYPE_ONLY : {}),
    names: binding === undefined ? [] : [{ imported: '=', binding }],
  });
}

/** `require('x')` with the free `require`, or `import('x')`: the index of the import. */
export function addLoad(
  node: TSESTree.CallExpression | TSESTree.ImportExpression,
  parents: readonly Node[],
  draft: Draft,
): number | undefined {
  const source = node.type === 'ImportExpression' ? node.source : node.arguments[0];
  const from = stringOf(source);
  if (source === undefined || from === undefined) return undefined;
  if (node.type === 'CallExpression') {
    const { callee } = node;
    if (callee.type !== 'Identifier' || callee.name !== 'require') return undefined;
    if (draft.bound.references.get(callee) !== 'free') return undefined;
  }
  return push(draft, {
    range: rangeOf(node),
    from,
    fromRange: rangeOf(source),
    form: node.type === 'ImportExpression' ? 'dynamic' : 'require',
    names: loadedNames(node, parents, draft),
  });
}

/** Names of `const x = require('x')`, `const { a } = await import('x')`. */
function loadedNames(
  node: TSESTree.CallExpression | TSESTree.ImportExpression,
  parents: readonly Node[],
  draft: Draft,
): ImportedName[] {
  let depth = parents.length - 1;
  const isDynamic = node.type === 'ImportExpression';
  if (isDynamic && parents[depth--]?.type !== 'AwaitExpression') return [];
  const declarator = parents[depth];
  if (declarator?.type !== 'VariableDeclarator') return [];
  if (declarator.init !== node && declarator.init !== parents[depth + 1]) return [];
  return plainNames(declarator.id, isDynamic ? '*' : '=', draft);
}

/** Names that a pattern takes directly, without defaults and deeper steps, which are values and not names of a module. */
function plainNames(pattern: Node, whole: string, draft: Draft): ImportedName[] {
  if (pattern.type === 'Identifier') {
    const binding = draft.declared(pattern);
    return binding === undefined ? [] : [{ imported: whole, binding }];
  }
  if (pattern.type !== 'ObjectPattern') return [];
  const names: ImportedName[] = [];
  for (const property of pattern.properties) {
    if (property.type !== 'Property' || property.computed) continue;
    const binding = draft.declared(property.value);
    const imported = moduleName(property.key);
    if (binding !== undefined && imported !== '') names.push({ imported, binding });
  }
  return names;
}

type ExportNode =
  | TSESTree.ExportNamedDeclaration
  | TSESTree.ExportAllDeclaration
  | TSESTree.ExportDefaultDeclaration
  | TSESTree.TSExportAssignment;

export function addExport(node: ExportNode, draft: Draft): void {
  switch (node.type) {
    case 'ExportAllDeclaration':
      addStar(node, draft);
      return;
    case 'ExportDefaultDeclaration':
      addWhole(node, node.declaration, 'default', draft);
      return;
    case 'TSExportAssignment':
      addWhole(node, node.expression, '=', draft);
      return;
    default:
      if (node.source !== null) addReexports(node, node.source, draft);
      else if (node.declaration !== null) addDeclared(node.declaration, draft);
      else addSpecifiers(node, draft);
  }
}

function addStar(node: TSESTree.ExportAllDeclaration, draft: Draft): void {
  const typeOnly = node.exportKind === 'type' ? TYPE_ONLY : {};
  const index = push(draft, exportFrom(node, node.source, typeOnly));
  const range = rangeOf(node);
  draft.exports.push(
    node.exported === null
      ? { range, name: '', ...typeOnly, is: 'star', import: index }
      : {
          range,
          name: moduleName(node.exported),
          ...typeOnly,
          is: 'from',
          import: index,
          imported: '*',
        },
  );
}

function exportFrom(
  node: Node,
  source: TSESTree.StringLiteral,
  typeOnly: { readonly typeOnly?: true },
): ImportFact {
  return {
    range: rangeOf(node),
    from: source.value,
    fromRange: rangeOf(source),
    form: 'export-from',
    ...typeOnly,
    names: [],
  };
}

function addReexports(
  node: TSESTree.ExportNamedDeclaration,
  source: TSESTree.StringLiteral,
  draft: Draft,
): void {
  const typeOnly = node.exportKind === 'type' ? TYPE_ONLY : {};
  const index = push(draft, exportFrom(node, source, typeOnly));
  for (const specifier of node.specifiers)
    draft.exports.push({
      range: rangeOf(specifier),
      name: moduleName(specifier.exported),
      ...(specifier.exportKind === 'type' ? TYPE_ONLY : typeOnly),
      is: 'from',
      import: index,
      imported: moduleName(specifier.local),
    });
}

function addSpecifiers(node: TSESTree.ExportNamedDeclaration, draft: Draft): void {
  for (const specifier of node.specifiers) {
    const head = {
      range: rangeOf(specifier),
      name: moduleName(specifier.exported),
      ...(node.exportKind === 'type' || specifier.exportKind === 'type' ? TYPE_ONLY : {}),
    };
    const target = draft.bound.references.get(specifier.local);
    const binding = typeof target === 'object' ? draft.indexOf(target) : undefined;
    draft.exports.push(
      binding === undefined
        ? { ...head, is: 'expression', expression: draft.of(specifier.local) }
        : { ...head, is: 'binding', binding },
    );
  }
}

function addDeclared(declaration: TSESTree.NamedExportDeclarations, draft: Draft): void {
  const identifiers: (Node | null)[] =
    declaration.type === 'VariableDeclaration'
      ? declaration.declarations.flatMap(({ id }) => targetsOf(id, draft).map(({ node }) => node))
      : [declaration.id];
  const isType =
    declaration.type === 'TSInterfaceDeclaration' || declaration.type === 'TSTypeAliasDeclaration';
  for (const identifier of identifiers) {
    const binding = draft.declared(identifier);
    const name = binding === undefined ? undefined : draft.bindings[binding]?.name;
    if (identifier === null || binding === undefined || name === undefined) continue;
    // Overloads and merged declarations are exported once.
    if (draft.exported.has(binding)) continue;
    draft.exported.add(binding);
    draft.exports.push({
      range: rangeOf(identifier),
      name,
      ...(isType ? TYPE_ONLY : {}),
      is: 'binding',
      binding,
    });
  }
}

function addWhole(node: Node, exported: Node, name: string, draft: Draft): void {
  const range = rangeOf(node);
  const target = draft.bound.references.get(exported);
  const binding =
    typeof target === 'object'
      ? draft.indexOf(target)
      : draft.declared('id' in exported ? exported.id : undefined);
  if (exported.type === 'TSInterfaceDeclaration') {
    if (binding !== undefined)
      draft.exports.push({ range, name, typeOnly: true, is: 'binding', binding });
  } else if (binding !== undefined) draft.exports.push({ range, name, is: 'binding', binding });
  else draft.exports.push({ range, name, is: 'expression', expression: draft.of(exported) });
}

/** `module.exports = `, `exports.name = `, `module.exports.name = `. */
export function addAssignedExport(target: Node, value: number, range: Range, draft: Draft): void {
  const name = exportedName(target, draft);
  if (name !== undefined) draft.exports.push({ range, name, is: 'expression', expression: value });
}

function exportedName(target: Node, draft: Draft): string | undefined {
  if (target.type !== 'MemberExpression' || target.computed) return undefined;
  const { object, property } = target;
  if (property.type !== 'Identifier') return undefined;
  if (isFree(object, 'module', draft)) return property.name === 'exports' ? '=' : undefined;
  if (isFree(object, 'exports', draft)) return property.name;
  return exportedName(object, draft) === '=' ? property.name : undefined;
}

function isFree(node: Node, name: string, draft: Draft): boolean {
  return (
    node.type === 'Identifier' && node.name === name && draft.bound.references.get(node) === 'free'
  );
}
