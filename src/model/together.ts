/** Manifests and code as one model: which program a container runs, how it is started and what it is given. */
import type { Location } from '../location.ts';
import type { Application, Consumer, Server } from './code.ts';
import type { Container, Probe, Subject } from './model.ts';
import type { Joined, Value } from './value.ts';

/**
 * What says from which folder an image is built. The first ones name a build and suffice alone; the others are names and places,
 * of which two must agree.
 */
export type EvidenceKind =
  | 'policy'
  | 'skaffold'
  | 'compose image'
  | 'build command'
  | 'image name'
  | 'workload name'
  | 'compose service'
  | 'location'
  | 'only image';

/** One reason to believe that an image is built from a folder. */
export interface Evidence {
  readonly kind: EvidenceKind;
  /** For people: `image acme/orders is built from services/orders by skaffold`. */
  readonly says: string;
  /** '' for the root. */
  readonly folder: string;
  readonly at: Location;
}

/** Which folder of the repository a container's image is built from, as far as it can be told. */
export interface Binding {
  readonly container: Container;
  /** '' for the root; absent: it is not bound, and `why` says why. */
  readonly folder?: string;
  /** A policy, a build that names the image, or two independent reasons; nothing contradicts. */
  readonly confident: boolean;
  /** The reasons that speak for the folder; of an unbound container, all that were found. */
  readonly evidence: readonly Evidence[];
  readonly why?: string;
  readonly dockerfile?: string;
  /** What runs in it, when that is a server or worker whose code was read. */
  readonly program?: DeployedProgram;
}

/** A container of a manifest that runs a server or a worker of this repository. What silences the container silences it. */
export interface DeployedProgram extends Subject {
  readonly container: Container;
  readonly confident: boolean;
  readonly evidence: readonly Evidence[];
  readonly application: Application;
  /** The file that runs; absent when the command does not say. */
  readonly entry?: string;
  readonly start: Start;
  /** Servers that the entry file starts. Not complete when it is not known which file runs. */
  readonly servers: Joined<Server>;
  readonly consumers: Joined<Consumer>;
  /** HTTP probes that ask the container itself. */
  readonly probes: readonly ProbedPath[];
  /** Where its servers listen, with the values that the container gives it. Complete: it listens nowhere else. */
  readonly ports: Joined<ListeningPort>;
  /** Ports that probes ask and Services target, by number; none when another container of the pod may listen there. */
  readonly wantedPorts: readonly WantedPort[];
  readonly sigterm: SigtermDelivery;
  /** What the end of the program is known to take, part after part. */
  readonly shutdownParts: readonly ShutdownPart[];
  /** Timeouts that the container sets to a value with which they bound nothing. */
  readonly badTimeouts: readonly GivenTimeout[];
  /** State that lives in the memory of each pod. */
  readonly memoryStates: readonly MemoryState[];
  /** The largest heap that node is told to use. */
  readonly heapLimit?: HeapLimit;
}

/** A timeout that the code reads from the environment, with a value that does not do what its author meant. */
export interface GivenTimeout {
  /** `axios.create`, `new Pool`. */
  readonly what: string;
  readonly at: Location;
  readonly option: string;
  readonly variable: string;
  /** Absent: nothing sets the variable, and the code has no default. */
  readonly written?: string;
  /** What the code makes of it. */
  readonly number: number;
  readonly result: 'disabled' | 'throws' | 'fires-at-once';
  /** Where the variable is set; the container, when nothing sets it. */
  readonly setAt: Location;
  readonly readAt: Location;
}

export interface MemoryState {
  readonly what: 'sessions' | 'rate limits';
  readonly at: Location;
}

export interface HeapLimit {
  /** As node counts them: MiB. */
  readonly megabytes: number;
  readonly at: Location;
  readonly by: 'the command' | 'NODE_OPTIONS';
}

export interface ProbedPath {
  readonly which: 'startupProbe' | 'readinessProbe' | 'livenessProbe';
  readonly probe: Probe;
  /** Without query, with one slash in front. */
  readonly path: string;
  /** Whether a route answers there. */
  readonly served: Value<boolean>;
  /** A route that ends with the path, and the call that puts a prefix before it. */
  readonly near?: { readonly path: string; readonly at: Location; readonly prefixAt?: Location };
}

export interface ListeningPort {
  readonly number: number;
  /** In the code, or where the container sets the variable. */
  readonly at: Location;
  readonly server: Server;
  /** The variable that the container sets it by. */
  readonly variable?: string;
}

export interface WantedPort {
  readonly number: number;
  /** `readinessProbe`, `Service orders`. */
  readonly by: string;
  readonly at: Location;
}

/** What becomes of SIGTERM on the way from process 1 to the program. */
export type SigtermDelivery =
  | { readonly state: 'delivered'; readonly at: Location }
  | { readonly state: 'unknown'; readonly at: Location; readonly why: string }
  | {
      readonly state: 'not-delivered';
      /** The command that starts it. */
      readonly at: Location;
      /** What keeps it. */
      readonly by: StartStep;
      readonly why: string;
      /** The image that decides it; absent: it is so with any. */
      readonly baseImage?: string;
    };

/** One part of the time that a program takes to end. */
export interface ShutdownPart {
  readonly what: 'preStop' | 'deadline' | 'keep-alive';
  readonly seconds: number;
  readonly at: Location;
}

/** What runs in a container, from process 1 to the program. */
export interface Start {
  /** Absent: nothing that was read says it. */
  readonly command?: StartCommand;
  /** The image that the last stage begins with, variables filled in: `node:20-alpine`. */
  readonly baseImage?: Value<string>;
  /** Outermost first. */
  readonly steps: readonly StartStep[];
  /** What node runs, as the command names it. */
  readonly file?: string;
  /** False: a script or a program stands in between that was not read. */
  readonly complete: boolean;
}

export interface StartCommand {
  /** As a person would type it. */
  readonly text: string;
  /** In the manifest or the Dockerfile. */
  readonly at: Location;
  readonly setBy: 'manifest' | 'Dockerfile';
}

/** One process on the way, or a program that replaces itself by the next one. */
export type StartStep =
  /** `compound`: it does something before or around the last command. `exec`: the last command replaces it. */
  | {
      readonly is: 'shell';
      readonly name: 'sh' | 'bash' | 'ash' | 'dash';
      readonly compound: boolean;
      readonly exec: boolean;
      readonly text: string;
    }
  /** `group`: it passes signals on to the whole process group. */
  | { readonly is: 'init'; readonly name: string; readonly group: boolean }
  | {
      readonly is: 'package-manager';
      readonly name: 'npm' | 'yarn' | 'pnpm';
      /** `start`. */
      readonly script: string;
      /** The script in package.json. */
      readonly at: Location;
      /** Major version, where package.json or the base image says it. */
      readonly major?: number;
    }
  /** `by`: node itself, or what runs it: tsx, nodemon, pm2-runtime. */
  | { readonly is: 'node'; readonly by: string; readonly flags: readonly string[] }
  | { readonly is: 'other'; readonly name: string };
