import { join } from 'node:path';
import { simulateWaves } from '../../../cluster/run/simulate.js';
import type { RunWaves } from '../../../cluster/record/waves.js';
import type { Experiment } from '../../../experiment/language/experiment.js';
import { InputError } from '../../../experiment/language/values/input-error.js';
import { loadExperiment, restoreExperiment } from '../../../experiment/language/load-experiment.js';
import { API_VERSION, KIND } from '../../../experiment/language/schema.js';
import { estimateRunSeconds } from '../../../experiment/language/time-estimate.js';
import { TOOL } from '../../../tool.js';
import { MANIFEST_FILE } from '../../file-names.js';
import type { ResultManifest } from '../../read/manifest-file.js';
import type { ResultData } from '../../read/result-data.js';
import type { Scenes, Series } from '../scenes.js';

/** Runs replayed, and the estimated seconds of all together, unless the user asks for another number. */
const RUNS = 4;
const SECONDS_MAX = 15;

/** How runs are replayed for the waves. */
export interface ReplayOptions {
  /** The experiment, where it is at hand; else its files; else what manifest.json says. */
  readonly experiment?: Experiment | readonly string[];
  /** Scenarios whose first run is replayed. Default: four, fewer where they would take long. */
  readonly runs?: number;
  readonly onReplay?: (runId: string) => void;
}

/** A run that was replayed, the same to the last effect. */
export interface Replay {
  readonly series: Series;
  readonly runId: string;
  readonly waves: RunWaves;
}

/** The replays, and why some are missing. */
export interface Replays {
  readonly replays: readonly Replay[];
  readonly notes: readonly string[];
}

/**
 * Runs the first replication of some scenarios again, in memory: what happened on which node is not in the result files.
 * A replay that differs from the recorded run (by its fingerprint) is thrown away.
 */
export async function replay({ data, series }: Scenes<ResultData>, options: ReplayOptions = {}): Promise<Replays> {
  const { manifest } = data;
  if (options.runs === 0) return { replays: [], notes: [] };
  if (manifest.tool.version !== TOOL.version) {
    return none(`the result is of version ${manifest.tool.version}, this is ${TOOL.version}`);
  }
  let experiment: Experiment;
  try {
    experiment = await experimentOf(manifest, join(data.folder, MANIFEST_FILE), options.experiment);
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    return none(`${error.problems[0]} (report --experiment FILE names the experiment’s file)`);
  }
  const wanted = within(series, experiment, options.runs);
  const replays: Replay[] = [];
  let differ = 0;
  for (const each of wanted) {
    const run = each.scenario.runs.at(0);
    const recorded = manifest.runs.find(({ run_id: id }) => id === run?.runId);
    const scenario = experiment.scenarios.at(each.scenario.index);
    if (run === undefined || recorded === undefined || scenario?.name !== each.scenario.scenario.name) continue;
    options.onReplay?.(run.runId);
    const { record, waves } = simulateWaves(scenario.input, recorded.replication);
    if (record.fingerprint === recorded.fingerprint) replays.push({ series: each, runId: run.runId, waves });
    else differ++;
  }
  const notes = differ === 0 ? [] : [`${differ} runs could not be repeated exactly and are left out.`];
  const left = data.scenarios.length - wanted.length;
  if (left > 0) notes.push(`${left} of ${data.scenarios.length} scenarios are left out (report --waves N shows more).`);
  return { replays, notes };
}

const none = (why: string): Replays => ({ replays: [], notes: [`No run could be replayed: ${why}.`] });

function experimentOf(
  { experiment: name, spec }: ResultManifest,
  source: string,
  given: ReplayOptions['experiment'],
): Promise<Experiment> {
  if (given === undefined)
    return restoreExperiment({ apiVersion: API_VERSION, kind: KIND, metadata: { name }, spec }, source);
  return 'scenarios' in given ? Promise.resolve(given) : loadExperiment(given);
}

/** The series that are replayed: as many as asked for, else as fit into the time. */
function within(series: readonly Series[], experiment: Experiment, runs: number | undefined): readonly Series[] {
  if (runs !== undefined) return series.slice(0, runs);
  let seconds = 0;
  return series.slice(0, RUNS).filter(({ scenario }, index) => {
    const input = experiment.scenarios.at(scenario.index)?.input;
    if (input === undefined) return false;
    seconds += estimateRunSeconds(input);
    return index === 0 || seconds <= SECONDS_MAX;
  });
}
