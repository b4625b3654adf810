import { parentPort } from 'node:worker_threads';
import { deserialize, serialize } from 'node:v8';
import type { ModelInput } from '../../cluster/model/model-input.js';
import type { RunRecord, RunSummary } from '../../cluster/model/run-record.js';
import { joinBytes, splitBytes } from './joined-bytes.js';
import { type PackedSamples, type PackedTables, packTables } from './table-bytes.js';

/** What a worker is asked to compute: one run. */
export interface JobRequest {
  /** The scenario's input; null: the same as in the request before (inputs can be large). */
  readonly input: ModelInput | null;
  readonly replication: number;
  /** No other run of the scenario will be asked for. */
  readonly once: boolean;
  readonly eager: boolean;
  /** Threads that may share the run; the result does not depend on it. */
  readonly threads: number;
  /** One number in shared memory: how much of the run is done, from 0 to 1. */
  readonly share: Float64Array;
}

/** What a worker answers: the run as bytes, or why it has none. */
export type JobAnswer =
  { readonly ok: true; readonly bytes: Uint8Array } | { readonly ok: false; readonly message: string };

/** A computed run. As it travels between threads and rests on the disk, it is bytes (`packRun`). */
export interface FinishedRun {
  readonly record: RunSummary;
  /** They are only unpacked to be written. */
  readonly tables: PackedTables;
  /** Seconds that the computation took by the wall clock. */
  readonly wallS: number;
}

/** What `packRun` serializes. */
type PackedRun = Pick<FinishedRun, 'record' | 'wallS'> & Pick<PackedTables, 'others'>;

/**
 * Answers of so many bytes are copied, which takes some ms. To hand one over detaches its buffer, and from the first time on
 * V8 compiles a look at the buffer into every access to a typed array in that thread (measured: 5 % of the CPU of a hundred
 * replications).
 */
const MOST_COPIED_BYTES = 2 ** 24;

/** Computes the runs of one scenario, each as the bytes that are answered. */
export type ComputeRun = (
  replication: number,
  options: Pick<JobRequest, 'eager' | 'threads' | 'share'>,
) => Uint8Array | Promise<Uint8Array>;

/**
 * Answers the job requests that come from the thread that started this worker. An exception fails the run,
 * not the worker.
 * @param prepare called once for each scenario, before its first run here; `once`: it is the only one
 */
export function serveJobs(prepare: (input: ModelInput, once: boolean) => ComputeRun): void {
  const port = parentPort;
  if (port === null) throw new Error('serveJobs has to be called in a worker thread');
  let input: ModelInput | null = null;
  let compute: ComputeRun | null = null;
  const answer = async (request: JobRequest): Promise<void> => {
    if (request.input !== null) {
      input = request.input;
      compute = null; // Two large scenarios need not be in memory at once.
    }
    try {
      if (input === null) throw new Error('the first request has no input');
      compute ??= prepare(input, request.once);
      const bytes = await compute(request.replication, request);
      port.postMessage({ ok: true, bytes } satisfies JobAnswer, handedOver(bytes));
    } catch (error) {
      port.postMessage({ ok: false, message: describeFailure(error) } satisfies JobAnswer);
    }
  };
  port.on('message', (request: JobRequest) => void answer(request));
}

/** The memory of many bytes that have it for themselves: it is handed over instead of copied. */
function handedOver({ buffer, byteLength }: Uint8Array): readonly ArrayBuffer[] {
  if (byteLength <= MOST_COPIED_BYTES) return [];
  return buffer instanceof ArrayBuffer && buffer.byteLength === byteLength ? [buffer] : [];
}

/** Computes a run and packs it together with the time that it took. */
export async function packTimedRun(simulate: () => RunRecord | Promise<RunRecord>): Promise<Uint8Array> {
  const started = process.hrtime.bigint();
  const record = await simulate();
  return packRun(record, Number(process.hrtime.bigint() - started) / 1e9);
}

/** A run as bytes: of the samples, if there are any, each piece by itself, so that none is copied more than once. */
export function packRun({ updates, load, samples, restarts, ...record }: RunRecord, wallS: number): Uint8Array {
  const tables = packTables({ updates, load, samples, ...(restarts && { restarts }) });
  return joinBytes([
    serialize({ record, others: tables.others, wallS } satisfies PackedRun),
    ...(tables.samples ?? []),
  ]);
}

/** The run of `packRun`. */
export function unpackRun(bytes: Uint8Array): FinishedRun {
  const [packed, ...pieces] = splitBytes(bytes);
  // What is held of a run with samples must not hold the samples, which lie in the same memory.
  const { record, others, wallS } = deserialize(pieces.length > 0 ? new Uint8Array(packed) : packed) as PackedRun;
  const samples = pieces.length > 0 ? (pieces as unknown as PackedSamples) : null;
  return { record, tables: { others, samples }, wallS };
}

/** An error in one line, without its stack. The name is told where it says more than `Error`. */
export function describeFailure(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.name === 'Error' ? error.message : `${error.name}: ${error.message}`;
}
