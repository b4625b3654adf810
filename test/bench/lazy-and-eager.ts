import { createHash } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { stringify } from 'csv-stringify/sync';
import { extent, median } from 'd3-array';
import { nodesOf, simulate } from '../../src/cluster/run/simulate.js';
import { change, inputOf, objectClass, type Scenario } from '../cluster/scenario.js';
import { inFreshProcess, MACHINE } from './fresh-process.js';
import { own } from './whole-runs.js';

const HOUR_S = 3600;

/** Objects of 1,000 pods each of a million, of which one is updated every three minutes: 20 in an hour. */
const SINGLE_UPDATES: Scenario = {
  nodes: 33_334,
  podsPerNode: 30,
  namespaces: 100,
  replicas: 1000,
  apiServers: 3,
  duration: HOUR_S,
  classes: [objectClass('config', { scope: 'deployment' })],
  timeline: [change('update', 'config', 60, { ratePerS: 20 / HOUR_S })],
};

/** What the lazy engine is compared with the event-per-sync reference on. */
const COMPARED = [
  { run: 'own-1000 Watch 1 h, 1 rotation', scenario: own(1000, {}), pairs: 3 },
  { run: 'own-5000 Watch 24 h, 1 rotation', scenario: own(5000, { duration: 24 * HOUR_S }), pairs: 1 },
  { run: '1,000,020 pods Watch 1 h, 20 updates of 1,000 pods', scenario: SINGLE_UPDATES, pairs: 1 },
] as const;

type Engine = 'lazy' | 'eager';

/** What simulating a built cluster took, and what came out. */
interface ModelTime {
  readonly cpuS: number;
  readonly events: number;
  readonly updates: number;
  /** SHA-256 over the whole result: metrics, fingerprint, every table. */
  readonly result: string;
}

/** CPU-seconds to simulate, without start-up, building the cluster, and files. */
export function modelTime(index: number, engine: Engine): ModelTime {
  const input = inputOf(COMPARED[index].scenario);
  const nodes = nodesOf(input);
  const before = process.cpuUsage();
  const { execution, ...result } = simulate(input, 1, { nodes, eager: engine === 'eager' });
  const used = process.cpuUsage(before);
  const text = JSON.stringify(result, (_, value: unknown) =>
    ArrayBuffer.isView(value) ? Array.from(value as Float64Array) : value,
  );
  return {
    cpuS: (used.user + used.system) / 1e6,
    events: execution.events,
    updates: result.metrics.updates ?? 0,
    result: createHash('sha256').update(text).digest('hex'),
  };
}

function measure(index: number, engine: Engine): ModelTime {
  return inFreshProcess('model', String(index), engine) as ModelTime;
}

/** Compares pair after pair. Throws where the results differ. */
function compare(index: number): Record<string, string | number> {
  const { run, pairs } = COMPARED[index];
  const measured = Array.from({ length: pairs }, () => {
    const [lazy, eager] = [measure(index, 'lazy'), measure(index, 'eager')];
    if (lazy.result !== eager.result) throw new Error(`${run}: lazy and eager come to different results`);
    return { lazy, eager, ratio: eager.cpuS / lazy.cpuS };
  });
  const [{ lazy, eager }] = measured;
  const [least, most] = extent(measured, ({ ratio }) => ratio);
  const middle = (key: (pair: (typeof measured)[number]) => number): number => median(measured, key) ?? NaN;
  return {
    run,
    pairs,
    updates: lazy.updates,
    lazy_events: lazy.events,
    eager_events: eager.events,
    lazy_cpu_s: middle((pair) => pair.lazy.cpuS).toFixed(3),
    eager_cpu_s: middle((pair) => pair.eager.cpuS).toFixed(3),
    eager_over_lazy: middle((pair) => pair.ratio).toFixed(1),
    eager_over_lazy_min: (least ?? NaN).toFixed(1),
    eager_over_lazy_max: (most ?? NaN).toFixed(1),
    result_sha256: lazy.result.slice(0, 16),
    ...MACHINE,
  };
}

/** Compares the lazy engine with the eager reference, which give the same result, and writes a table to a folder. */
export function reportLazyAndEager(results: string): void {
  console.log('the lazy engine and one event per sync: CPU-seconds of the model, of equal results');
  const rows = COMPARED.map((_, index) => {
    const row = compare(index);
    console.log(
      `  ${String(row.run).padEnd(52)} lazy ${row.lazy_cpu_s} s, eager ${row.eager_cpu_s} s: ` +
        `${row.eager_over_lazy} times (${row.eager_over_lazy_min}-${row.eager_over_lazy_max})`,
    );
    return row;
  });
  writeFileSync(join(results, 'benchmark-eager.csv'), stringify(rows, { header: true }));
}
