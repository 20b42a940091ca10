/** The functions of sprig and Helm. Those of text/template itself are the engine's. */
import type { TemplateFunction } from '../value.ts';
import { cases } from './case.ts';
import { chances } from './chance.ts';
import { dates } from './dates.ts';
import { defaults } from './defaults.ts';
import { dicts } from './dicts.ts';
import { encodings } from './encodings.ts';
import { flow } from './flow.ts';
import { json } from './json.ts';
import { lists } from './lists.ts';
import { numbers } from './numbers.ts';
import { paths } from './paths.ts';
import { regexes } from './regexes.ts';
import { strings } from './strings.ts';
import { toml } from './toml.ts';
import { types } from './types.ts';
import { urls } from './urls.ts';
import { versions } from './versions.ts';
import { yaml } from './yaml.ts';

/** Every function by its name. What is not here is not known: its result is unknown. */
export const functions: ReadonlyMap<string, TemplateFunction> = new Map(
  [
    cases,
    chances,
    dates,
    defaults,
    dicts,
    encodings,
    flow,
    json,
    lists,
    numbers,
    paths,
    regexes,
    strings,
    toml,
    types,
    urls,
    versions,
    yaml,
  ].flatMap((topic) => Object.entries(topic)),
);
