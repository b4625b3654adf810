import { gzipSync } from 'node:zlib';
import { ObservationLog } from '../../cluster/model/observation-log.js';
import { BuiltNodes } from '../../cluster/population/built-nodes.js';
import { buildPopulation, simulate } from '../../cluster/run/simulate.js';
import type { Population } from '../../cluster/population/population.js';
import type { Experiment } from '../../experiment/language/experiment.js';
import { InputError } from '../../experiment/language/values/input-error.js';
import { nearbyName } from '../../experiment/language/quoting.js';
import { findJob } from '../../experiment/execution/jobs.js';
import { refuseExisting, writeTogether } from '../output-files.js';
import { TOOL } from '../../tool.js';
import { type RunTrace, traceOf, type TraceBounds } from './run-trace.js';

/** What is traced, and where to. */
export interface TraceOptions extends TraceBounds {
  /** File to write; `.gz` at its end: compressed. */
  readonly file: string;
  readonly runId: string;
  /** Replaces a file that exists. */
  readonly force?: boolean;
}

/** A trace that can be written. */
export interface PreparedTrace {
  /**
   * Repeats the run in memory and writes it.
   * @param fingerprint of the run that it has to be, where it is known
   * @throws OutputError where the file cannot be written
   */
  write(fingerprint?: string): Promise<RunTrace>;
}

/**
 * Makes sure that a trace can be made: that the run and the nodes are there, and the file is not.
 * @throws InputError where one is not as it has to be; nothing is computed and nothing written
 */
export async function prepareTrace(experiment: Experiment, options: TraceOptions): Promise<PreparedTrace> {
  const { file, runId, nodes, force = false } = options;
  if (!/\.json(\.gz)?$/.test(file)) {
    throw new InputError([`${file}: the name of a trace ends in .json or .json.gz, for its viewers`]);
  }
  const { scenario, replication } = findJob(experiment, runId);
  const { name, input } = experiment.scenarios[scenario];
  await refuseExisting([file], force);
  const population = typeof nodes === 'number' ? null : buildPopulation(input);
  if (population !== null) refuseUnknown(nodes as readonly string[], population);
  return {
    write: async (fingerprint) => {
      const cluster = population ?? buildPopulation(input);
      const log = new ObservationLog();
      const all = { ...input, samples: 'all' } as const;
      const record = simulate(all, replication, { nodes: new BuiltNodes(cluster), observer: log });
      if (fingerprint !== undefined && fingerprint !== record.fingerprint) {
        throw new Error(`the run ${runId} was repeated and is another: ${record.fingerprint}, not ${fingerprint}`);
      }
      const trace = traceOf({ input: all, population: cluster, record, log }, options);
      const about = {
        tool: `${TOOL.name} ${TOOL.version}`,
        experiment: experiment.name,
        scenario: name,
        run_id: runId,
        fingerprint: record.fingerprint,
        left_out: trace.leftOut.join('; '),
      };
      const text = traceJson(about, trace);
      await writeTogether([{ path: file, bytes: file.endsWith('.gz') ? gzipSync(text) : Buffer.from(text) }]);
      return trace;
    },
  };
}

/** JSON with an event a line. */
function traceJson(about: Readonly<Record<string, string>>, { events }: RunTrace): string {
  const lines = events.map((event) => JSON.stringify(event)).join(',\n');
  return `{"displayTimeUnit":"ms","otherData":${JSON.stringify(about)},"traceEvents":[\n${lines}\n]}\n`;
}

function refuseUnknown(wanted: readonly string[], population: Population): void {
  const known = Array.from({ length: population.nodeCount }, (_, node) => population.nodeName(node));
  const names = new Set(known);
  const problems = wanted
    .filter((name) => !names.has(name))
    .map(
      (name) =>
        `the cluster has no such node: its ${known.length} nodes are ${known[0]} to ${known.at(-1)}${nearbyName(name, known)}`,
    );
  if (problems.length > 0) throw new InputError(problems);
}
