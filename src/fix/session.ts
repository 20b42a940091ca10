/** Fixes for one run: from what was discovered to changed texts that keep the promise. */
import { optionsOf } from '../check.ts';
import type { Policy } from '../config/policy.ts';
import type { ChartFile, SourceFile } from '../facts.ts';
import type { AnyRule } from '../rule.ts';
import { applyFixes, type FixResult, type Judged, type Overlay } from './apply.ts';
import { manifestFix } from './registry.ts';
import { hasCodeFix, hasManifestFix } from './rules.ts';
import { openCodeFixer } from './typescript/client.ts';

/** The texts that a run looks at. */
export interface Texts {
  readonly files: readonly SourceFile[];
  readonly code: readonly SourceFile[];
  readonly project: readonly SourceFile[];
  readonly charts: readonly ChartFile[];
}

function withTexts<T extends ChartFile | SourceFile>(
  files: readonly T[],
  overlay: Overlay,
  changed: (file: T, text: string) => T,
): readonly T[] {
  return files.map((file) => {
    const text = overlay.get(file.path);
    return text === undefined ? file : changed(file, text);
  });
}

/** The same with other texts, and with new files. */
export function overlaid<T extends Texts>(texts: T, overlay: Overlay): T {
  if (overlay.size === 0) return texts;
  const replaced = (file: SourceFile, text: string) => ({ ...file, text });
  const known = new Set(
    [...texts.files, ...texts.code, ...texts.project, ...texts.charts].map(({ path }) => path),
  );
  const fresh = [...overlay].flatMap(([path, text]) => (known.has(path) ? [] : [{ path, text }]));
  return {
    ...texts,
    files: [...withTexts(texts.files, overlay, replaced), ...fresh].sort((a, b) =>
      a.path < b.path ? -1 : 1,
    ),
    code: withTexts(texts.code, overlay, replaced),
    project: withTexts(texts.project, overlay, replaced),
    charts: withTexts(texts.charts, overlay, (file, data) => ({ ...file, data })),
  };
}

export function textsByPath({ files, code, project, charts }: Texts): ReadonlyMap<string, string> {
  const texts = new Map<string, string>();
  for (const { path, data } of charts) if (typeof data === 'string') texts.set(path, data);
  for (const { path, text } of [...project, ...code, ...files]) texts.set(path, text);
  return texts;
}

/** What decides the fixes of a run. */
export interface FixRun {
  readonly texts: Texts;
  readonly policy: Policy;
  readonly rules: readonly AnyRule[];
  /** Also fixes that a person should look at first. */
  readonly unsafe: boolean;
  readonly judge: (overlay: Overlay) => Promise<Judged>;
}

/** Computes, applies in memory and checks the fixes of all findings. Touches no disk. */
export async function fixFindings(run: FixRun): Promise<FixResult> {
  const { texts, policy, rules, unsafe, judge } = run;
  const byId = new Map(rules.map((rule) => [rule.id, rule]));
  const fixer = openCodeFixer();
  try {
    return await applyFixes({
      unsafe,
      texts: textsByPath(texts),
      paths: texts.files.map(({ path }) => path),
      optionsOf(id) {
        const rule = byId.get(id);
        return rule === undefined ? {} : optionsOf(rule, policy);
      },
      judge,
      async fixOf(request) {
        if (hasManifestFix(request.finding)) return manifestFix(request);
        return hasCodeFix(request.finding) ? fixer.fix(request) : undefined;
      },
    });
  } finally {
    await fixer.close();
  }
}
