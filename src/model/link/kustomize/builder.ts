/**
 * Builds kustomizations from the analysed files alone; nothing outside of them is read. What cannot be read makes what it may
 * change unknown; what is remote, missing or made by a plug-in makes the build open.
 */
import type { FileFacts, Node } from '../../../facts.ts';
import { type Build, copied, merged, NOTHING, opened } from './build.ts';
import { chartRequests, type RenderChart } from './charts.ts';
import { configurationFrom, EMPTY, mergedConfiguration } from './configuration.ts';
import { configurationOfTypes } from './crds.ts';
import { type Configuration, DEFAULTS } from './defaults.ts';
import { changedFields } from './field-spec.ts';
import { type Folder, underOwnSchema } from './folders.ts';
import { absorbed, type ContentAt, generatedFrom } from './generators.ts';
import { contentHash } from './hash.ts';
import { imageChangesOf } from './images.ts';
import { withNewNames } from './name-references.ts';
import { type Step, unreadable } from './patches.ts';
import { resolve } from './paths.ts';
import { configFrom, withName } from './plugin-configs.ts';
import { printed } from './printed.ts';
import { apiVersionOf, keepIdentity, type Resource, resourceFrom, setName } from './resource.ts';
import { shapeOf } from './schema.ts';
import { builtInSteps, imagesOf, stepsOf } from './transformers.ts';
import { itemsOf, nodeAt, writtenIn, writtenText } from './tree.ts';
import { variablesOf, withVariables } from './variables.ts';

/** Levels of bases; real repositories have up to 5. */
const MAX_DEPTH = 30;
/** Objects of one build, and of all builds of a run: bases that take each other in twice would double at every level. */
const MAX_OBJECTS = 10_000;
const MAX_OBJECTS_OF_RUN = 500_000;
/** Kustomizations that are applied in a run; components are applied once for every one that names them. */
const MAX_APPLIED = 20_000;
/** Steps times objects of one build; more is taken for hostile. */
const MAX_MEETINGS = 1_000_000;

/** What a build may look at besides facts. */
export interface Surroundings {
  /** Files that generators name; without them the contents that they make are unknown. */
  readonly content?: ContentAt;
  /** Renders local charts; without it they are not read. */
  readonly renderChart?: RenderChart;
}

export class Builder {
  private readonly files: ReadonlyMap<string, FileFacts>;
  private readonly folders: ReadonlyMap<string, Folder>;
  private readonly surroundings: Surroundings;
  private readonly ownSchemas: ReadonlySet<string>;
  private readonly builds = { builtIn: new Map<string, Build>(), own: new Map<string, Build>() };
  private schema: 'builtIn' | 'own' = 'builtIn';
  private readonly building = new Set<string>();
  private objectsLeft = MAX_OBJECTS_OF_RUN;
  private appliedLeft = MAX_APPLIED;

  constructor(
    files: ReadonlyMap<string, FileFacts>,
    folders: ReadonlyMap<string, Folder>,
    surroundings: Surroundings,
  ) {
    this.files = files;
    this.folders = folders;
    this.ownSchemas = underOwnSchema(folders);
    this.surroundings = surroundings;
  }

  /** What `kustomize build` prints for a directory. */
  whole(directory: string): Build {
    this.schema = this.ownSchemas.has(directory) ? 'own' : 'builtIn';
    const build = copied(this.accumulated(directory));
    const { resources, configuration, variables } = build;
    for (const resource of resources) {
      const hash =
        resource.generated?.hashed === true && resource.body !== undefined
          ? contentHash(resource.body)
          : undefined;
      if (hash === undefined) continue;
      keepIdentity(resource);
      setName(resource, `${resource.id.name}-${hash}`);
    }
    withNewNames(resources, configuration.nameReference);
    withVariables(resources, variables, configuration.varReference);
    const folder = this.folders.get(directory);
    if (folder !== undefined) withManager(resources, folder);
    return { ...build, resources: printed(resources) };
  }

  /** The build of a directory before names are final; each is made once. */
  private accumulated(directory: string): Build {
    const builds = this.builds[this.schema];
    const done = builds.get(directory);
    if (done !== undefined) return done;
    const folder = this.folders.get(directory);
    if (folder === undefined) return opened(NOTHING, missing(directory));
    const build = this.folder(folder, NOTHING);
    if (!this.building.has(directory)) builds.set(directory, build);
    return build;
  }

  /** What a folder makes of its own resources; a component also of those that were gathered before it. */
  private folder(folder: Folder, before: Build): Build {
    const { map, file, directory } = folder;
    if (this.building.has(directory))
      return opened(before, `the kustomization ${file.path} builds on itself`);
    if (this.building.size >= MAX_DEPTH)
      return opened(before, `${file.path} lies too deep below other kustomizations`);
    if (this.appliedLeft-- <= 0) return opened(before, 'these files have too many kustomizations');
    this.building.add(directory);
    let result = this.gathered(folder, before, ['resources', 'bases']);
    result = this.configured(folder, result);
    result = this.generated(folder, result);
    for (const item of itemsOf(map, 'components')) {
      const path = pathIn(directory, item);
      const component = path === undefined ? undefined : this.folders.get(path);
      result =
        component === undefined
          ? opened(result, missing(path ?? directory))
          : this.folder(component, result);
    }
    result = this.transformed(folder, result);
    const variables = variablesOf(itemsOf(map, 'vars'), result.resources);
    result = { ...result, variables: [...result.variables, ...variables] };
    if (file.unread.length > 0) result = opened(result, `${file.path} cannot be read completely`);
    this.building.delete(directory);
    return result;
  }

  /** Objects of files and of other kustomizations that a field names. */
  private gathered(folder: Folder, before: Build, keys: readonly string[]): Build {
    const parts = keys.flatMap((key) =>
      itemsOf(folder.map, key).map((item) => this.resource(folder, item)),
    );
    return this.within(folder, merged([before, ...parts]));
  }

  /** The build within the bounds of one build and of the run. */
  private within(folder: Folder, build: Build): Build {
    const most = Math.min(MAX_OBJECTS, this.objectsLeft);
    const resources = build.resources.slice(0, most);
    this.objectsLeft -= resources.length;
    const why = `${folder.file.path} builds more than ${most} objects`;
    return resources.length < build.resources.length ? opened({ ...build, resources }, why) : build;
  }

  private fileAt(directory: string, path: string): FileFacts | undefined {
    const resolved = resolve(directory, path);
    return resolved === undefined ? undefined : this.files.get(resolved);
  }

  private resource(folder: Folder, item: Node): Build {
    const path = pathIn(folder.directory, item);
    if (path === undefined)
      return opened(NOTHING, `${folder.file.path} has a resource that is not among these files`);
    const file = this.files.get(path);
    if (file === undefined || file.kustomization !== undefined)
      return copied(this.accumulated(path));
    return {
      ...NOTHING,
      resources: file.resources.map((facts) => resourceFrom(file, facts)),
      unreadKinds: new Set(file.unread.flatMap(({ kinds }) => kinds)),
    };
  }

  private configured(folder: Folder, build: Build): Build {
    let own = EMPTY;
    for (const node of this.inputs(folder, 'configurations').flat())
      own = mergedConfiguration(own, configurationFrom(node));
    let all = mergedConfiguration(DEFAULTS, own);
    for (const types of typesIn(this.inputs(folder, 'crds')))
      all = mergedConfiguration(all, types ?? EMPTY);
    return { ...build, configuration: mergedConfiguration(build.configuration, all) };
  }

  /** What the files hold that a field names; nothing for each that cannot be read. */
  private inputs({ map, directory }: Folder, key: string): readonly (readonly Node[])[] {
    return itemsOf(map, key).map((item) => {
      const path = writtenText(item);
      return (path === undefined ? undefined : this.fileAt(directory, path)?.kustomizeInput) ?? [];
    });
  }

  private generated(folder: Folder, build: Build): Build {
    const { map, file, directory } = folder;
    const content: ContentAt = (path) => {
      const resolved = resolve(directory, path);
      return resolved === undefined ? undefined : this.surroundings.content?.(resolved);
    };
    const global = nodeAt(map, 'generatorOptions');
    let { resources } = build;
    for (const [key, kind] of [
      ['configMapGenerator', 'ConfigMap'],
      ['secretGenerator', 'Secret'],
    ] as const)
      for (const item of itemsOf(map, key)) {
        const made = generatedFrom(kind, item, global, file, content);
        if (made !== undefined) resources = absorbed(resources, made);
      }
    let result: Build = this.within(folder, { ...build, resources });
    result = this.inflated(folder, result);
    const configs = this.configs(folder, 'generators');
    if (configs.openBecause !== undefined)
      result = opened(result, `${file.path} has generators, not run here`);
    for (const config of configs.resources) {
      const kind = /^(ConfigMap|Secret)Generator$/.exec(config.id.kind)?.[1];
      const { body, id } = config;
      const isBuiltIn = id.version === 'builtin' && (kind === 'ConfigMap' || kind === 'Secret');
      const made =
        isBuiltIn && body !== undefined
          ? generatedFrom(kind, withName(body), undefined, config.file, content)
          : undefined;
      result =
        made === undefined
          ? opened(result, `${file.path} has generators, not run here`)
          : { ...result, resources: absorbed(result.resources, made) };
    }
    return result;
  }

  /** `helmCharts`: a local chart is rendered, everything else makes the build open. */
  private inflated(folder: Folder, build: Build): Build {
    let result = build;
    for (const request of chartRequests(folder)) {
      const rendered = this.surroundings.renderChart?.(request);
      if (rendered === undefined) {
        result = opened(result, `${folder.file.path} has helmCharts, not run here`);
        continue;
      }
      const made = rendered.objects.map(({ file, facts }) => resourceFrom(file, facts));
      const { openBecause = rendered.openBecause } = result;
      result = { ...result, resources: [...result.resources, ...made], openBecause };
    }
    return this.within(folder, result);
  }

  /** The objects that `generators` or `transformers` name, or hold as texts. */
  private configs({ map, file, directory }: Folder, key: string): Build {
    const inline: Resource[] = [];
    const paths: Node[] = [];
    for (const item of itemsOf(map, key)) {
      const documents = file.embedded?.find(({ range }) => range[0] === item.range[0])?.documents;
      if (documents === undefined) paths.push(item);
      for (const body of documents ?? [])
        if (body.kind === 'map') inline.push(configFrom(file, body));
    }
    const parts = paths.map((item) => {
      const path = pathIn(directory, item);
      const named = path === undefined ? undefined : this.files.get(path);
      if (path === undefined || (named === undefined && !this.folders.has(path)))
        return opened(NOTHING, missing(path ?? directory));
      return this.resource({ map, file, directory }, item);
    });
    const whole = merged([{ ...NOTHING, resources: inline }, ...parts]);
    return whole.resources.length === 0 && itemsOf(map, key).length > 0
      ? opened(whole, missing(directory))
      : whole;
  }

  private transformed(folder: Folder, build: Build): Build {
    const { map, file, directory } = folder;
    const fileAt = (path: string) => this.fileAt(directory, path);
    const hasOwnSchema = this.schema === 'own';
    let steps: readonly Step[] = stepsOf(map, build.configuration, { file, fileAt, hasOwnSchema });
    if (typesIn(this.inputs(folder, 'crds')).includes(undefined))
      steps = [...steps, unreadable(isCustom, `${file.path} has crds that are not read`)];
    const why = `${file.path} has transformers, not run here`;
    let { openBecause } = build;
    if (itemsOf(map, 'transformers').length > 0) {
      const configs = this.configs(folder, 'transformers');
      const anything = () => {
        openBecause ??= why;
        return [unreadable(() => 'perhaps', why)];
      };
      if (configs.openBecause !== undefined) steps = [...steps, ...anything()];
      for (const config of configs.resources)
        steps = [...steps, ...(builtInSteps(config, { fileAt, hasOwnSchema }) ?? anything())];
    }
    if (steps.length * build.resources.length > MAX_MEETINGS)
      steps = [unreadable(() => 'perhaps', `${file.path} has too many patches`)];
    let { resources } = build;
    for (const step of steps) resources = step(resources);
    const replacedImages = new Map(build.replacedImages);
    const renamedImages = new Map(build.renamedImages);
    for (const { name, newName, isHidden } of imageChangesOf(imagesOf(map))) {
      if (isHidden) replacedImages.set(name, file.path);
      if (newName !== undefined) renamedImages.set(newName, name);
    }
    return { ...build, resources, openBecause, replacedImages, renamedImages };
  }
}

/** The types of custom resources in files; undefined for each that cannot be read. */
function typesIn(files: readonly (readonly Node[])[]): readonly (Configuration | undefined)[] {
  return files.flatMap((nodes) =>
    nodes.length === 0 ? [undefined] : nodes.map(configurationOfTypes),
  );
}

/** Objects of kinds that are not Kubernetes' own. */
function isCustom({ id }: Resource): 'perhaps' | 'no' {
  return shapeOf(apiVersionOf(id), id.kind) === undefined ? 'perhaps' : 'no';
}

const MANAGED_BY = 'app.kubernetes.io/managed-by';

/** `buildMetadata`: a label with the version of kustomize. What else it adds, says where objects come from, and nobody reads. */
function withManager(resources: readonly Resource[], { map, file }: Folder): void {
  const option = itemsOf(map, 'buildMetadata').find(
    (item) => writtenText(item) === 'managedByLabel',
  );
  if (option === undefined) return;
  const spec = { path: ['metadata', 'labels', MANAGED_BY], create: true };
  const value: Node = { kind: 'unknown', why: 'the version of kustomize', range: option.range };
  for (const resource of resources)
    if (resource.body !== undefined)
      resource.body = changedFields(resource.body, spec, file, () =>
        writtenIn(file, MANAGED_BY, value),
      );
}

/** The path that a text names; undefined also when it is no text. */
function pathIn(directory: string, item: Node): string | undefined {
  return item.kind === 'scalar' && typeof item.value === 'string'
    ? resolve(directory, item.value)
    : undefined;
}

function missing(directory: string): string {
  return `the kustomization of ${directory === '' ? '.' : directory} is not among these files`;
}
