/** What a policy file says, from data to settings. */
import type { Node } from '../facts.ts';
import type { Level } from '../finding.ts';
import { type Lines, locate } from '../location.ts';
import type { PlacedInstallation } from '../model/link/installations.ts';
import type { Assumptions } from '../model/link/objects.ts';
import {
  defaultPolicy,
  POLICY_FILES,
  type Policy,
  type PolicySuppression,
  type Preset,
  type RuleSetting,
  type Wrapper,
} from './policy.ts';

type WrittenRules = Readonly<
  Record<string, Level | 'off' | ({ readonly level?: Level | 'off' } & Record<string, unknown>)>
>;

/** A policy file after validation, as written. */
export interface PolicyFile {
  readonly extends?: string | readonly string[];
  readonly preset?: Preset;
  readonly rules?: WrittenRules;
  readonly overrides?: readonly {
    readonly files: readonly string[];
    readonly rules: WrittenRules;
  }[];
  readonly suppress?: readonly WrittenSuppression[];
  readonly ignore?: readonly string[];
  readonly include?: readonly string[];
  readonly environments?: Partial<Policy['environments']>;
  readonly assume?: Partial<Assumptions>;
  readonly helm?: readonly WrittenChart[];
  readonly bindings?: Readonly<Record<string, string>>;
  readonly wrappers?: readonly WrittenWrapper[];
  readonly thresholds?: Partial<Policy['thresholds']>;
  readonly failOn?: Level | 'never';
}

interface WrittenSuppression {
  readonly rules: readonly string[];
  readonly paths?: readonly string[];
  readonly about?: string;
  readonly reason: string;
  readonly until?: string;
}

interface WrittenWrapper extends Omit<Wrapper, 'functions' | 'unit'> {
  readonly functions: readonly string[];
  readonly unit?: 'ms' | 's';
}

/** A chart and its values in a policy file. */
interface WrittenChart {
  readonly chart: string;
  readonly values?: readonly string[];
  readonly set?: Readonly<Record<string, string | number | boolean>>;
  readonly release?: string;
  readonly namespace?: string;
}

/** The settings of one file; what it does not say is absent. */
export type PolicyPart = Partial<Omit<Policy, 'thresholds'>> & {
  readonly thresholds?: Partial<Policy['thresholds']>;
};

function settingOf(written: WrittenRules[string]): RuleSetting {
  if (typeof written === 'string') return { level: written };
  const { level, ...options } = written;
  return { options, ...(level === undefined ? {} : { level }) };
}

function settingsOf(rules: WrittenRules): ReadonlyMap<string, RuleSetting> {
  return new Map(
    Object.entries(rules).map(([id, written]): [string, RuleSetting] => [id, settingOf(written)]),
  );
}

/** Paths of a policy count from the root of what is analysed. */
function installationOf(written: WrittenChart): PlacedInstallation {
  const { chart, values = [], set = {}, release, namespace } = written;
  const [path] = POLICY_FILES;
  return {
    chart: `./${chart}`,
    valuesFiles: values,
    settings: Object.entries(set).map(([key, value]) => ({
      key,
      value: String(value),
      isText: typeof value === 'string',
      range: [0, 0],
    })),
    ...(release === undefined ? {} : { release }),
    ...(namespace === undefined ? {} : { namespace }),
    by: 'policy',
    path,
    range: [0, 0],
    isDeployed: true,
  };
}

/** The entries of a list of the file. */
function itemsOf(root: Node, key: string): readonly Node[] {
  const value =
    root.kind === 'map' ? root.entries.findLast((entry) => entry.key === key)?.value : undefined;
  return value?.kind === 'sequence' ? value.items : [];
}

/**
 * The settings that a file says.
 * @param today `2026-11-25`: exceptions that end before it do not hold
 */
export function partOf(written: PolicyFile, root: Node, file: Lines, today: string): PolicyPart {
  const { rules, overrides, suppress, environments, assume, helm, bindings, wrappers } = written;
  const { thresholds } = written;
  const places = itemsOf(root, 'suppress');
  const exceptions = suppress?.map(
    ({ paths = [], until, ...rest }, index): PolicySuppression => ({
      ...rest,
      paths,
      ...(until === undefined ? {} : { until }),
      isExpired: until !== undefined && until < today,
      at: locate(file, places[index]?.range ?? root.range),
    }),
  );
  const { preset, ignore, include, failOn } = written;
  return {
    ...(preset === undefined ? {} : { preset }),
    ...(rules === undefined ? {} : { rules: settingsOf(rules) }),
    ...(overrides === undefined
      ? {}
      : {
          overrides: overrides.map(({ files, rules: own }) => ({ files, rules: settingsOf(own) })),
        }),
    ...(exceptions === undefined ? {} : { suppress: exceptions }),
    ...(ignore === undefined ? {} : { ignore }),
    ...(include === undefined ? {} : { include }),
    ...(environments === undefined
      ? {}
      : { environments: { ...defaultPolicy.environments, ...environments } }),
    ...(assume === undefined ? {} : { assume: { ...defaultPolicy.assume, ...assume } }),
    ...(helm === undefined ? {} : { helm: helm.map(installationOf) }),
    ...(bindings === undefined ? {} : { bindings: new Map(Object.entries(bindings)) }),
    ...(wrappers === undefined
      ? {}
      : { wrappers: wrappers.map(({ unit = 'ms', ...rest }): Wrapper => ({ ...rest, unit })) }),
    ...(thresholds === undefined ? {} : { thresholds }),
    ...(failOn === undefined ? {} : { failOn }),
  };
}

/** A setting on top of another: its level, and its options one by one. */
export function settingOn(below: RuleSetting | undefined, above: RuleSetting): RuleSetting {
  const options = { ...below?.options, ...above.options };
  return { ...below, ...above, ...(Object.keys(options).length === 0 ? {} : { options }) };
}

/** Settings on top of others: maps are joined key by key, lists are appended, the rest is replaced. */
export function onTop(below: Policy, above: PolicyPart): Policy {
  const rules = new Map(below.rules);
  for (const [id, setting] of above.rules ?? []) rules.set(id, settingOn(rules.get(id), setting));
  const { environments, assume } = above;
  return {
    ...below,
    ...above,
    rules,
    overrides: [...below.overrides, ...(above.overrides ?? [])],
    suppress: [...below.suppress, ...(above.suppress ?? [])],
    ignore: [...below.ignore, ...(above.ignore ?? [])],
    include: [...below.include, ...(above.include ?? [])],
    environments: {
      production: [...below.environments.production, ...(environments?.production ?? [])],
      nonProduction: [...below.environments.nonProduction, ...(environments?.nonProduction ?? [])],
    },
    assume:
      assume === undefined
        ? below.assume
        : {
            limitRange: [...new Set([...below.assume.limitRange, ...assume.limitRange])],
            mesh: below.assume.mesh || assume.mesh,
            spread: below.assume.spread || assume.spread,
            podDisruptionBudgets: below.assume.podDisruptionBudgets || assume.podDisruptionBudgets,
          },
    helm: [...below.helm, ...(above.helm ?? [])],
    bindings: new Map([...below.bindings, ...(above.bindings ?? [])]),
    wrappers: [...below.wrappers, ...(above.wrappers ?? [])],
    thresholds: { ...below.thresholds, ...above.thresholds },
    files: below.files,
  };
}
