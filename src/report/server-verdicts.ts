import type { ServerMachine } from '../cluster/model/model-input.js';
import type { MetricName } from '../cluster/model/run-record.js';
import { valuesByField } from '../experiment/language/joint-values.js';
import { serverLimits, type WrittenLimits } from '../experiment/language/server-limits.js';
import type { AnsweredExperiment, AnsweredScenario } from './answer-sentences.js';

/** What is said of the machines of the API servers: an experiment's spec, whose factors may say it otherwise. */
export type AskedExperiment = AnsweredExperiment & { readonly spec: Readonly<Record<string, unknown>> };

/** What the API server that needs most of something needs, of what it has, in the worst replication of a scenario. */
export interface ServerVerdict {
  readonly resource: 'memory' | 'cpu';
  /** From 1. */
  readonly server: number;
  /** Bytes, or cores. */
  readonly needed: number;
  readonly limit: number;
  /** From the start of the measured time, s. */
  readonly atS: number;
  readonly exceededIn: number;
  readonly replications: number;
}

/** What became of the servers of a scenario that are killed where they run out of memory, in its worst replication. */
export interface KillVerdict {
  readonly kills: number;
  readonly limit: number;
  /** Who was first, and when; null where nobody was. */
  readonly first: { readonly server: number; readonly atS: number } | null;
  /** The fewest servers that served at one time. */
  readonly fewestServing: number;
  readonly killedIn: number;
  readonly replications: number;
}

const MEMORY = [
  'apiserver_memory_max_per_server_bytes',
  'apiserver_memory_peak_server',
  'apiserver_memory_peak_at_s',
] as const;
const CPU = ['apiserver_cpu_max_per_server_cores', 'apiserver_cpu_peak_server', 'apiserver_cpu_peak_at_s'] as const;

/** Whether each API server's machine is enough; nothing where the experiment does not say what it has. */
export function serverVerdicts(experiment: AskedExperiment, scenario: AnsweredScenario): readonly ServerVerdict[] {
  const { memoryBytes, cores } = machineOf(experiment, scenario);
  return [...verdictOf('memory', MEMORY, memoryBytes, scenario), ...verdictOf('cpu', CPU, cores, scenario)];
}

/** What became of servers that ran out of memory; null where none is killed for that. */
export function killVerdict(experiment: AskedExperiment, scenario: AnsweredScenario): KillVerdict | null {
  const { crashes, memoryBytes } = machineOf(experiment, scenario);
  if (!crashes || memoryBytes === Infinity) return null;
  const runs = scenario.runs.map(({ record: { metrics } }) => metrics);
  const worst = runs.toSorted((a, b) => (b.apiserver_oom_kills ?? 0) - (a.apiserver_oom_kills ?? 0)).at(0);
  if (worst === undefined) return null;
  const { apiserver_oom_first_server: server, apiserver_oom_first_at_s: atS } = worst;
  return {
    kills: worst.apiserver_oom_kills ?? 0,
    limit: memoryBytes,
    first: server === null || atS === null ? null : { server, atS },
    fewestServing: Math.min(...runs.map(({ apiservers_serving_min: fewest }) => fewest ?? Infinity)),
    killedIn: runs.filter(({ apiserver_oom_kills: kills }) => (kills ?? 0) > 0).length,
    replications: runs.length,
  };
}

function verdictOf(
  resource: ServerVerdict['resource'],
  [most, who, when]: readonly [MetricName, MetricName, MetricName],
  limit: number,
  { runs }: AnsweredScenario,
): readonly ServerVerdict[] {
  const known = runs.flatMap(({ record: { metrics } }) => {
    const [needed, server, atS] = [metrics[most], metrics[who], metrics[when]];
    return needed === null || server === null || atS === null ? [] : [{ needed, server, atS }];
  });
  if (limit === Infinity || known.length === 0) return [];
  const worst = known.reduce((a, b) => (b.needed > a.needed ? b : a));
  const exceededIn = known.filter(({ needed }) => needed > limit).length;
  return [{ resource, limit, ...worst, exceededIn, replications: known.length }];
}

/** The machine of a scenario's servers: of its resolved experiment, with the values of its factors. */
export function machineOf({ spec }: AskedExperiment, { scenario }: AnsweredScenario): ServerMachine {
  const machine = { ...writtenIn(spec), ...givenBy(scenario.factors) };
  return { ...serverLimits(machine), crashes: machine.outOfMemory === 'crash' };
}

interface WrittenMachine extends WrittenLimits {
  readonly outOfMemory?: unknown;
}

function writtenIn({ apiServer }: AskedExperiment['spec']): WrittenMachine {
  return typeof apiServer === 'object' && apiServer !== null ? apiServer : {};
}

/** Values that factors give, also those of factors that vary several paths together. */
function givenBy(factors: AnsweredScenario['scenario']['factors']): WrittenMachine {
  const given = Object.entries(factors)
    .flatMap(([path, value]) => valuesByField(path, value))
    .flatMap(([path, value]) => (path.startsWith('apiServer.') ? [[path.slice('apiServer.'.length), value]] : []));
  return Object.fromEntries(given) as WrittenMachine;
}
