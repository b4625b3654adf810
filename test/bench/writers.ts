import { median } from 'd3-array';
import type { SampleTable } from '../../src/cluster/model/run-record.js';
import { codedSamples, samplesOf } from '../../src/cluster/record/coded-samples.js';
import { csvLines } from '../../src/report/csv.js';
import { SampleLines } from '../../src/report/tables/sample-lines.js';
import { record, run, scenario } from '../report/fixtures.js';
import { sampleCells } from '../report/sample-cells.js';
import { inFreshProcess, REPETITIONS } from './fresh-process.js';

const ROWS = 300_000;
const CHUNK_ROWS = 1000;

/** Samples as a rotation of a cluster-wide Secret gives them: 30 pods a node. */
function samples(): SampleTable {
  const rows = Array.from({ length: ROWS }, (_, i) => i);
  const stage = (row: number, factor: number, mod: number): number => (row * factor) % mod;
  const [cache, wait, refresh] = [7919, 104_729, 15_485_863].map((factor, i) =>
    Float64Array.from(rows, (row) => stage(row, factor, [9000, 60e6, 200_000][i])),
  );
  return {
    update: new Int32Array(ROWS).fill(1),
    object: rows.map(() => 'shared/ca-bundle'),
    version: new Int32Array(ROWS).fill(2),
    node: rows.map((row) => `node-${Math.floor(row / 30)}`),
    pod: rows.map((row) => `ns-${row % 100}/app-${Math.floor(row / 30) % 5000}-${row % 30}`),
    owner: rows.map((row) => `Deployment app-${Math.floor(row / 30) % 5000}`),
    as: rows.map(() => 'volume'),
    writtenAtUs: new Float64Array(ROWS).fill(60_006_834),
    projectedAtUs: Float64Array.from(rows, (row) => 60_006_834 + cache[row] + wait[row] + refresh[row]),
    ...{ cacheDelayUs: cache, syncWaitUs: wait, refreshUs: refresh },
  };
}

/** The ways to write samples.csv; each returns the bytes that it made. */
const WRITERS = {
  'csv-stringify': (table: SampleTable): number => {
    let bytes = 0;
    for (let from = 0; from < ROWS; from += CHUNK_ROWS) {
      const rows = Array.from({ length: CHUNK_ROWS }, (_, i) => sampleCells('s001-r001', 'base', table, from + i));
      bytes += Buffer.from(csvLines(rows, { excel: false })).length;
    }
    return bytes;
  },
  'columns to bytes': (table: SampleTable): number => {
    const lines = new SampleLines(
      [{ scenario: scenario(0, 'base', {}, 'Watch'), run: run(0, 1, record(0, { samples: table })) }],
      { excel: false },
    );
    let bytes = 0;
    for (let chunk = lines.next(ROWS); chunk !== null; chunk = lines.next(ROWS)) bytes += chunk.bytes.length;
    return bytes;
  },
} as const;
const NAMES = Object.keys(WRITERS);

/** Rows of samples.csv that a writer makes in a second of CPU. */
export function rowsPerCpuSecond(name: string): number {
  // As a run has made them.
  const table = samplesOf(codedSamples(samples()));
  const before = process.cpuUsage();
  WRITERS[name as keyof typeof WRITERS](table);
  const { user, system } = process.cpuUsage(before);
  return (ROWS * 1e6) / (user + system);
}

/** Compares the ways to write samples.csv. */
export function reportWriters(): void {
  console.log(`\nsamples.csv, ${ROWS.toLocaleString('en')} rows: rows per CPU second`);
  const rates = NAMES.map(() => [] as number[]);
  for (let repetition = 0; repetition < REPETITIONS; repetition++) {
    NAMES.forEach((name, i) => rates[i].push(inFreshProcess('writer', name) as number));
  }
  NAMES.forEach((name, i) => {
    console.log(
      `  ${name.padEnd(42)}${Math.round(median(rates[i]) ?? NaN)
        .toLocaleString('en')
        .padStart(14)}`,
    );
  });
}
