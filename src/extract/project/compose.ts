/** docker-compose*.yml and skaffold.yaml: which image is built from which folder, and how it is started. */
import type { MapEntry, Node, SourceFile } from '../../facts.ts';
import type {
  Build,
  Command,
  ComposeFacts,
  ComposeService,
  NamedText,
  PlacedText,
  SkaffoldArtifact,
  SkaffoldFacts,
} from '../../project-facts.ts';
import { projectFile } from './file.ts';
import { entriesOf, field, itemsOf, present } from './nodes.ts';
import { symbolicText, yamlDocuments } from './yaml.ts';

export function composeFacts(file: SourceFile): ComposeFacts {
  const { documents, incomplete } = yamlDocuments(file.text);
  const reader = new Reader(file.text);
  const services = documents.flatMap((node) =>
    entriesOf(field(node, 'services')).map((entry) => reader.service(entry)),
  );
  return { kind: 'compose', ...projectFile(file, incomplete), services };
}

export function skaffoldFacts(file: SourceFile): SkaffoldFacts {
  const { documents, incomplete } = yamlDocuments(file.text);
  const reader = new Reader(file.text);
  const artifacts: SkaffoldArtifact[] = [];
  for (const node of documents) {
    artifacts.push(...reader.artifacts(field(node, 'build', 'artifacts'), undefined));
    for (const profile of itemsOf(field(node, 'profiles')))
      artifacts.push(
        ...reader.artifacts(
          field(profile, 'build', 'artifacts'),
          reader.text(field(profile, 'name'))?.value ?? '',
        ),
      );
  }
  return { kind: 'skaffold', ...projectFile(file, incomplete), artifacts };
}

const BUILDERS = ['docker', 'kaniko', 'custom', 'buildpacks', 'bazel', 'jib', 'ko'];

class Reader {
  private readonly source: string;

  constructor(source: string) {
    this.source = source;
  }

  text(node: Node | undefined): PlacedText | undefined {
    return symbolicText(node, this.source);
  }

  private texts(node: Node | undefined): readonly PlacedText[] {
    const one = this.text(node);
    if (one !== undefined) return [one];
    return itemsOf(node).flatMap((item) => this.text(item) ?? []);
  }

  service({ key, keyRange, value }: MapEntry): ComposeService {
    const build = field(value, 'build');
    return {
      name: key,
      nameRange: keyRange,
      ...present({
        image: this.text(field(value, 'image')),
        build: build === undefined ? undefined : this.build(build),
        command: this.command(field(value, 'command')),
        entrypoint: this.command(field(value, 'entrypoint')),
        workingFolder: this.text(field(value, 'working_dir')),
        extends: this.extended(field(value, 'extends')),
      }),
      environment: this.variables(field(value, 'environment')),
      environmentFiles: this.environmentFiles(field(value, 'env_file')),
      ports: this.ports(field(value, 'ports')),
    };
  }

  private extended(node: Node | undefined): ComposeService['extends'] {
    const service = this.text(node) ?? this.text(field(node, 'service'));
    if (service === undefined) return undefined;
    return { service, ...present({ file: this.text(field(node, 'file')) }) };
  }

  private build(node: Node): Build {
    const context = this.text(node) ?? this.text(field(node, 'context'));
    return {
      range: node.range,
      context: context?.value ?? '.',
      ...present({
        dockerfile: this.text(field(node, 'dockerfile')),
        target: this.text(field(node, 'target')),
      }),
      arguments: this.variables(field(node, 'args')),
    };
  }

  private command(node: Node | undefined): Command | undefined {
    if (node?.kind === 'sequence')
      return {
        form: 'exec',
        words: this.texts(node).map(({ value }) => value),
        range: node.range,
      };
    const text = this.text(node);
    return text === undefined ? undefined : { form: 'shell', text: text.value, range: text.range };
  }

  /** `NAME: value` or `- NAME=value`; `NAME` alone comes from the shell. */
  private variables(node: Node | undefined): readonly (NamedText & { inherited?: true })[] {
    const variables: (NamedText & { inherited?: true })[] = [];
    for (const { key, keyRange, value } of entriesOf(node)) {
      const text = this.text(value);
      if (text !== undefined) variables.push({ name: key, nameRange: keyRange, ...text });
      else if (value.kind === 'scalar') variables.push(inherited({ value: key, range: keyRange }));
    }
    for (const item of itemsOf(node)) {
      const text = this.text(item);
      if (text === undefined) continue;
      const equals = text.value.indexOf('=');
      variables.push(
        equals < 0
          ? inherited(text)
          : {
              name: text.value.slice(0, equals),
              nameRange: text.range,
              value: text.value.slice(equals + 1),
              range: text.range,
            },
      );
    }
    return variables;
  }

  private environmentFiles(node: Node | undefined): readonly PlacedText[] {
    const one = this.text(node);
    if (one !== undefined) return [one];
    return itemsOf(node).flatMap((item) => this.text(item) ?? this.text(field(item, 'path')) ?? []);
  }

  private ports(node: Node | undefined): readonly PlacedText[] {
    return itemsOf(node).flatMap((item) => {
      const text = this.text(item);
      if (text !== undefined) return [text];
      const target = this.text(field(item, 'target'));
      if (target === undefined) return [];
      const published = this.text(field(item, 'published'));
      const prefix = published === undefined ? '' : `${published.value}:`;
      return [{ value: prefix + target.value, range: item.range }];
    });
  }

  artifacts(node: Node | undefined, profile: string | undefined): readonly SkaffoldArtifact[] {
    return itemsOf(node).flatMap((item) => {
      const image = this.text(field(item, 'image'));
      if (image === undefined) return [];
      const builder = BUILDERS.find((name) => field(item, name) !== undefined) ?? 'docker';
      const settings = field(item, builder);
      const context = this.text(field(item, 'context'));
      const build: Build = {
        range: item.range,
        context: context?.value ?? '.',
        ...present({
          dockerfile: this.text(field(settings, 'dockerfile')),
          target: this.text(field(settings, 'target')),
        }),
        arguments: this.variables(field(settings, 'buildArgs')),
      };
      return [{ image, build, builder, ...(profile === undefined ? {} : { profile }) }];
    });
  }
}

function inherited({ value, range }: PlacedText): NamedText & { inherited: true } {
  return { name: value, nameRange: range, value: '', range, inherited: true };
}
