import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import { stringify } from 'csv-stringify/sync';
import { extent, median } from 'd3-array';
import { ownCluster } from './command-parts.js';
import { MACHINE, outputOf } from './fresh-process.js';
import { compiled } from './peers.js';
import { OWN_BUILD, runCommand } from './whole-command.js';

const SECOND_US = 1e6;
const NODES = 5000;
const PODS_PER_NODE = 30;
/** As the presets have it, and `ownCluster` writes it. */
const [WARM_UP_S, COMMIT_S] = [60, 60];

/** What is simulated by both. */
const COMPARED = [
  { hours: 1, pairs: 7 },
  { hours: 24, pairs: 3 },
] as const;

/** A mean delay of 150,000 pods has a standard error of 0.06 s, of 38 s: two of them are within 1 %. */
const DELAY_TOLERANCE = 0.01;

/** What a program of either kind tells. */
interface Simulated {
  readonly cpuS: number;
  readonly peakMiB: number;
  readonly projections: number;
  readonly delayMeanS: number;
}

function simulateHere(hours: number, folder: string): Simulated {
  const part = ownCluster(`own-${NODES} ${hours} h`, NODES, 'Watch', { duration: `${hours}h` });
  part.prepare?.(folder);
  const usage = runCommand(OWN_BUILD, part.args, folder);
  if ('refused' in usage) throw new Error(`${part.name}: ${usage.refused}`);
  const [run] = parse<Record<string, string>>(readFileSync(join(folder, 'out/runs.csv')), { columns: true });
  return { ...usage, projections: Number(run['projections']), delayMeanS: Number(run['delay_mean_s']) };
}

function simulateNatively(program: string, hours: number): Simulated {
  const times = [WARM_UP_S, COMMIT_S, hours * 3600].map((seconds) => String(seconds * SECOND_US));
  return outputOf(program, String(NODES), String(PODS_PER_NODE), ...times) as Simulated;
}

/** Runs both in turn. Throws where they have simulated something else. */
function compare(program: string, { hours, pairs }: (typeof COMPARED)[number], folder: string): Record<string, string> {
  const measured = Array.from({ length: pairs }, () => {
    const [own, native] = [simulateHere(hours, folder), simulateNatively(program, hours)];
    const sameDelays = Math.abs(own.delayMeanS / native.delayMeanS - 1) < DELAY_TOLERANCE;
    if (own.projections !== native.projections || !sameDelays)
      throw new Error(`own-${NODES}, ${hours} h: ${JSON.stringify(own)} here, ${JSON.stringify(native)} in C++`);
    return { own, native, ratio: native.cpuS / own.cpuS };
  });
  const middle = (key: (pair: (typeof measured)[number]) => number): number => median(measured, key) ?? NaN;
  const [least, most] = extent(measured, ({ ratio }) => ratio);
  return {
    run: `own-${NODES} Watch ${hours} h, 1 rotation`,
    pairs: String(pairs),
    projections: String(measured[0].own.projections),
    own_cpu_s: middle(({ own }) => own.cpuS).toFixed(3),
    cpp_cpu_s: middle(({ native }) => native.cpuS).toFixed(3),
    cpp_over_own: middle(({ ratio }) => ratio).toFixed(2),
    cpp_over_own_min: (least ?? NaN).toFixed(2),
    cpp_over_own_max: (most ?? NaN).toFixed(2),
    own_peak_mib: middle(({ own }) => own.peakMiB).toFixed(0),
    cpp_peak_mib: middle(({ native }) => native.peakMiB).toFixed(0),
    ...MACHINE,
  };
}

/** Compares our whole command with a program in C++ that has an event for each sync, and writes a table to a folder. */
export function reportNative(results: string): void {
  const folder = mkdtempSync(join(tmpdir(), 'secretsim-native-'));
  try {
    const program = compiled('event-per-sync.cpp', ['-O3'], folder);
    if (program === null) {
      console.log('\nC++, one event per sync: no g++, skipped; install with: apt-get install g++');
      return;
    }
    console.log(
      '\nour whole command and one event per sync in C++ (std::priority_queue, -O3): CPU-seconds of equal projections',
    );
    const rows = COMPARED.map((each) => {
      const row = compare(program, each, folder);
      console.log(
        `  ${(row['run'] ?? '').padEnd(40)} ours ${row['own_cpu_s']} s, C++ ${row['cpp_cpu_s']} s: ` +
          `${row['cpp_over_own']} times (${row['cpp_over_own_min']}-${row['cpp_over_own_max']})`,
      );
      return row;
    });
    writeFileSync(join(results, 'benchmark-native.csv'), stringify(rows, { header: true }));
  } finally {
    rmSync(folder, { recursive: true });
  }
}
