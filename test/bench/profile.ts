import { writeFileSync } from 'node:fs';
import { Session, type Profiler } from 'node:inspector/promises';
import { join } from 'node:path';
import { stringify } from 'csv-stringify/sync';
import { rollup, sum } from 'd3-array';
import { ClusterRun } from '../../src/cluster/run/cluster-run.js';
import { nodesOf } from '../../src/cluster/run/simulate.js';
import { inputOf } from '../cluster/scenario.js';
import { inFreshProcess, MACHINE } from './fresh-process.js';
import { type Run, RUNS } from './whole-runs.js';

/** Components under this share are counted together. */
const SMALL = 0.01;

/** A component's share of what a run took: CPU samples by source file, or bytes of typed arrays by class. */
interface Share {
  readonly component: string;
  readonly value: number;
}

/** Where the time and the bytes of one run go. */
interface Profile {
  /** Microseconds. */
  readonly time: readonly Share[];
  readonly bytes: readonly Share[];
}

/** Builds and simulates a run under V8's sampling profiler, and counts the typed arrays it ends with. */
export async function profileOf({ scenario, eager }: Run): Promise<Profile> {
  const session = new Session();
  session.connect();
  await session.post('Profiler.enable');
  await session.post('Profiler.start');
  const input = inputOf(scenario);
  const nodes = nodesOf(input);
  const run = new ClusterRun(input, 1, nodes, { eager: eager ?? false, whole: false, observer: null });
  run.run();
  run.record();
  const { profile } = await session.post('Profiler.stop');
  session.disconnect();
  return { time: timeByFile(profile), bytes: bytesByClass({ nodes, run }) };
}

function timeByFile({ nodes, samples = [], timeDeltas = [] }: Profiler.Profile): Share[] {
  const fileOf = new Map(
    nodes.map(({ id, callFrame }) => [id, /dist\/(src\/.*)\.js$/.exec(callFrame.url)?.[1] ?? callFrame.functionName]),
  );
  const micros = samples.map((id, i) => ({ file: fileOf.get(id) ?? '', us: timeDeltas[i] }));
  const byFile = rollup(micros, (group) => sum(group, ({ us }) => us), ({ file }) => file); // prettier-ignore
  return [...byFile].map(([component, value]) => ({ component, value }));
}

/** Bytes of the typed arrays that can be reached from an object, by the class of the object that holds them. */
function bytesByClass(root: object): Share[] {
  const bytes = new Map<string, number>();
  const seen = new Set<unknown>();
  const visit = (value: object): void => {
    if (seen.has(value)) return;
    seen.add(value);
    const inside = value instanceof Map ? [...value.values()] : Object.values(value);
    for (const member of inside as readonly unknown[]) {
      if (ArrayBuffer.isView(member)) {
        if (seen.has(member.buffer)) continue;
        seen.add(member.buffer);
        const holder = value.constructor.name === 'Object' ? 'Topology' : value.constructor.name;
        bytes.set(holder, (bytes.get(holder) ?? 0) + member.buffer.byteLength);
      } else if (typeof member === 'object' && member !== null) visit(member);
    }
  };
  visit(root);
  return [...bytes].map(([component, value]) => ({ component, value }));
}

/** Shares in descending order, the small ones together. */
function ranked(shares: readonly Share[]): readonly (Share & { readonly share: number })[] {
  const total = sum(shares, ({ value }) => value);
  const large = shares.filter(({ value }) => value >= SMALL * total).sort((a, b) => b.value - a.value);
  const rest = total - sum(large, ({ value }) => value);
  return [...large, { component: 'others', value: rest }].map((each) => ({ ...each, share: each.value / total }));
}

/** Profiles each run in a fresh process, and writes a table to a folder. */
export function reportProfiles(results: string): void {
  const rows = RUNS.flatMap(({ name }, index) => {
    const { time, bytes } = inFreshProcess('profile-run', String(index)) as Profile;
    console.log(`\n${name}`);
    return [
      ...ranked(time).map((row) => ({ measure: 'cpu_ms', ...row, value: row.value / 1000 })),
      ...ranked(bytes).map((row) => ({ measure: 'mib', ...row, value: row.value / 2 ** 20 })),
    ].map(({ measure, component, value, share }) => {
      console.log(`  ${measure.padEnd(7)} ${value.toFixed(0).padStart(7)}  ${(share * 100).toFixed(1).padStart(5)} %  ${component}`); // prettier-ignore
      return { run: name, measure, component, value: value.toFixed(1), share: share.toFixed(4), ...MACHINE };
    });
  });
  writeFileSync(join(results, 'benchmark-profile.csv'), stringify(rows, { header: true }));
}
