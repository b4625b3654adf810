import type { ModelInput } from '../../../../src/cluster/model/model-input.js';
import type { RunMetrics, RunRecord } from '../../../../src/cluster/model/run-record.js';
import { buildPopulation, simulate } from '../../../../src/cluster/run/simulate.js';
import { type Observation, observe } from '../../../../src/validation/observation.js';
import { inputOf, type Scenario } from '../../scenario.js';

/** The input of a scenario without a warm-up: what a cold start does is measured from its first moment. */
export function fromTheStart(scenario: Scenario): ModelInput {
  return { ...inputOf(scenario), warmupUs: 0 };
}

/** A run, and the requests of its kubelets where they meet at the API servers. */
export function observed(input: ModelInput): Observation {
  return observe(input, 1, buildPopulation(input));
}

/** A metric of a run; fails where it has none. */
export function metricOf({ metrics }: Pick<RunRecord, 'metrics'>, name: keyof RunMetrics): number {
  const value = metrics[name];
  if (value === null) throw new RangeError(`the run has no ${name}`);
  return value;
}

/** A metric of one run of a scenario. */
export function measured(scenario: Scenario, name: keyof RunMetrics): number {
  return metricOf(simulate(inputOf(scenario), 1), name);
}

/** The largest value of a column of the load table. */
export function largest({ load }: Pick<RunRecord, 'load'>, column: string): number {
  const index = load.columns.indexOf(column);
  return load.values.reduce((most, value, i) => (i % load.columns.length === index ? Math.max(most, value) : most), 0);
}

/** An answered request. */
export interface Answered {
  readonly verb: number;
  readonly status: number;
  /** True where etcd answered. */
  readonly quorum: boolean;
  /** The kubelet and the object that it reads or watches. */
  readonly entry: string;
  readonly atS: number;
}

/** The requests of an observed run, in the order of their answers. */
export function answersOf({ requests }: Pick<Observation, 'requests'>): Answered[] {
  return Array.from(requests.atS, (atS, i) => ({
    verb: requests.verb[i],
    status: requests.status[i],
    quorum: requests.quorum[i] === 1,
    entry: `${requests.node[i]} ${requests.object[i]}`,
    atS,
  }));
}

/** The requests of each kubelet about each object, in the order of their answers. */
export function byEntry(answers: readonly Answered[]): Answered[][] {
  const groups = new Map<string, Answered[]>();
  for (const answer of answers) groups.set(answer.entry, [...(groups.get(answer.entry) ?? []), answer]);
  return [...groups.values()];
}
