/** Runs proofs, some at a time, and compares each measurement with its claim. */

import { runCall, runShutdown } from './child.ts';
import {
  agrees,
  agreesShutdown,
  claimedAttempts,
  claimedEnd,
  claimedShutdown,
  phaseOf,
} from './claim.ts';
import { install } from './install.ts';
import { type Peer, startBlackhole } from './peer.ts';
import type { CallProof, Fault, Measurement, Proof, Row, ShutdownProof } from './proof.ts';

/** Children at a time. They wait nearly all the time; starting them is what costs. */
const PARALLEL = 16;

/** How long a default is waited for when there is time: until it must have fired, or this. */
const PATIENCE_MS = 15_000;
const LONGEST_DEFAULT_MS = 35_000;

export interface RunOptions {
  /** Wait for defaults as long as they claim, within reason. */
  readonly patient?: boolean;
  /** Measure again, alone, what is contradicted: with many children at once a machine may be late. */
  readonly again?: boolean;
  readonly onRow?: (row: Row) => void;
}

export async function run(
  proofs: readonly Proof[],
  { patient = false, again = false, onRow = () => {} }: RunOptions = {},
): Promise<Row[]> {
  const blackhole = proofs.some(
    (proof) => proof.kind === 'call' && proof.faults.includes('blackhole'),
  )
    ? await startBlackhole()
    : undefined;
  const tasks = proofs.flatMap((proof) => tasksOf(proof, blackhole, patient));
  const rows: Row[] = new Array(tasks.length);
  let next = 0;
  const worker = async () => {
    for (;;) {
      const index = next++;
      const task = tasks[index];
      if (task === undefined) return;
      const row = await task();
      rows[index] = row;
      if (row.verdict !== 'contradicted' || !again) onRow(row);
    }
  };
  try {
    await Promise.all(Array.from({ length: PARALLEL }, worker));
    if (again)
      for (const [index, task] of tasks.entries())
        if (rows[index]?.verdict === 'contradicted') {
          const row = await task();
          rows[index] = row;
          onRow(row);
        }
  } finally {
    blackhole?.close();
  }
  return rows;
}

function tasksOf(
  proof: Proof,
  blackhole: Peer | undefined,
  patient: boolean,
): (() => Promise<Row>)[] {
  if (proof.kind === 'shutdown') return [() => proveShutdown(proof)];
  return proof.faults.flatMap((fault) =>
    phaseOf(fault, proof.peer) !== undefined
      ? [() => proveEnd(proof, fault, blackhole, patient)]
      : (proof.verbs ?? ['GET', 'POST']).map((verb) => () => proveAttempts(proof, fault, verb)),
  );
}

const FAULT_TEXT: Readonly<Record<Fault, string>> = {
  blackhole: 'SYN dropped',
  mute: 'accepts, never answers',
  frozen: 'request read, never answered',
  busy: 'no connection free',
  stall: 'body stalls',
  drip: 'body drips',
  unavailable: '503',
  reset: 'reset',
};

async function proveEnd(
  proof: CallProof,
  fault: Fault,
  blackhole: Peer | undefined,
  patient: boolean,
): Promise<Row> {
  const phase = phaseOf(fault, proof.peer);
  if (phase === undefined) throw new Error(`${fault} has no phase`);
  const claim = claimedEnd(proof, phase);
  const uses = proof.uses.map(({ set, path }) => (path === '' ? set : path)).join(', ');
  const isDefault = proof.uses.length === 0;
  const cap =
    patient && isDefault
      ? claim.ms <= LONGEST_DEFAULT_MS
        ? claim.ms + 3_000
        : PATIENCE_MS
      : proof.cap;
  const form = cap === undefined ? proof : { ...proof, cap };
  const measured = await measure(proof, (folder) => runCall(form, fault, 'GET', folder, blackhole));
  return row(proof, {
    fact: `${FAULT_TEXT[fault]}, ${uses === '' ? 'no option' : uses}`,
    expected:
      claim.ms === Number.POSITIVE_INFINITY
        ? 'waits for ever'
        : `ends after ${claim.ms} ms (${claim.by})`,
    measured,
    agreed: agrees(claim, measured),
    onlyHeld: isDefault && measured.is === 'waiting',
  });
}

async function proveAttempts(proof: CallProof, fault: Fault, verb: string): Promise<Row> {
  const expected = claimedAttempts(proof, fault, verb);
  const measured = await measure(proof, (folder) =>
    runCall({ ...proof, cap: proof.cap ?? 12_000 }, fault, verb, folder, undefined),
  );
  const row_ = row(proof, {
    fact: `${FAULT_TEXT[fault]} to ${verb}: attempts`,
    expected: String(expected),
    measured,
    agreed: measured.is === 'ended' && measured.attempts === expected,
  });
  return measured.is === 'ended' ? { ...row_, measured: `${measured.attempts}` } : row_;
}

async function proveShutdown(proof: ShutdownProof): Promise<Row> {
  const claim = claimedShutdown(proof);
  const measured = await measure(proof, (folder) => runShutdown(proof, folder));
  const forms = {
    unhandled: 'SIGTERM during a request, not handled',
    close: 'SIGTERM during a request, close',
    'exit-at-once': 'SIGTERM during a request, close and exit at once',
  };
  return row(proof, {
    fact:
      forms[proof.form] +
      (proof.keepAliveMs === undefined ? '' : `, keep-alive ${proof.keepAliveMs} ms`),
    expected: claim.text,
    measured,
    agreed: agreesShutdown(claim, measured, proof.cap ?? 8_000),
  });
}

async function measure(
  proof: Proof,
  measurement: (folder: string) => Promise<Measurement>,
): Promise<Measurement> {
  let folder: string;
  try {
    folder = await install(proof.packages);
  } catch (error) {
    return { is: 'missing', why: error instanceof Error ? error.message : String(error) };
  }
  return measurement(folder);
}

function row(
  proof: Proof,
  what: {
    readonly fact: string;
    readonly expected: string;
    readonly measured: Measurement;
    readonly agreed: boolean;
    readonly onlyHeld?: boolean;
  },
): Row {
  return {
    proof: proof.name,
    library: proof.library,
    version: proof.version,
    fact: what.fact,
    expected: what.expected,
    measured: textOf(what.measured),
    verdict:
      what.measured.is === 'missing'
        ? 'not run'
        : !what.agreed
          ? 'contradicted'
          : what.onlyHeld === true
            ? 'held'
            : 'shown',
  };
}

function textOf(measured: Measurement): string {
  switch (measured.is) {
    case 'ended':
      return `${measured.ms} ms, ${measured.how.replace(/127\.0\.0\.1:\d+/g, '127.0.0.1')}`;
    case 'waiting':
      return `no end within ${measured.cap} ms${measured.attempts > 1 ? `, ${measured.attempts} attempts` : ''}`;
    case 'shutdown':
      return `${measured.answered ? 'answered' : 'lost'}, ${
        measured.exitMs === 'running'
          ? 'still running at the cap'
          : `ended after ${measured.exitMs} ms by ${measured.by}`
      }`;
    case 'missing':
    case 'failed':
      return measured.why;
  }
}
