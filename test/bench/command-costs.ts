import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stringify } from 'csv-stringify/sync';
import { extent, median } from 'd3-array';
import { type CommandPart, PARTS } from './command-parts.js';
import { MACHINE } from './fresh-process.js';
import { OWN_BUILD, programOf, type Refusal, runCommand, type Usage } from './whole-command.js';

/** Which parts are measured, and how often. */
export interface Choice {
  /** Repetitions of each part; default 7, and 3 of those that take long. */
  readonly repetitions?: number;
  /** Parts whose name has one of these in it; all where there is none. */
  readonly names: readonly string[];
}

const REPETITIONS = 7;
const REPETITIONS_LONG = 3;

const FIGURES = ['cpuS', 'wallS', 'peakMiB'] as const;

/** Measurements of one command, and what else is known where it was refused. */
type Measurements = readonly Usage[] | Refusal;

/**
 * Measures a command of some builds in turn, in a folder of its own.
 * @returns of each build in their order
 */
export function measureCommand(
  part: CommandPart,
  builds: readonly string[],
  repetitions: number,
): readonly Measurements[] {
  const folder = mkdtempSync(join(tmpdir(), 'secretsim-bench-'));
  try {
    part.prepare?.(folder);
    const usages = builds.map((): Usage[] => []);
    const refusals = builds.map((): Refusal | null => null);
    for (let i = 0; i < repetitions; i++) {
      builds.forEach((build, at) => {
        if (refusals[at] !== null) return;
        const result = runCommand(build, part.args, folder);
        if ('refused' in result) refusals[at] = result;
        else usages[at].push(result);
      });
    }
    return usages.map((each, at) => refusals[at] ?? each);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** The median of each figure. */
export function medianUsage(usages: readonly Usage[]): Usage {
  const [cpuS, wallS, peakMiB] = FIGURES.map((figure) => median(usages, (usage) => usage[figure]) ?? NaN);
  return { cpuS, wallS, peakMiB };
}

function chosen({ names }: Choice): readonly CommandPart[] {
  const parts = PARTS.filter(({ name }) => names.length === 0 || names.some((each) => name.includes(each)));
  if (parts.length > 0) return parts;
  throw new Error(`no part has that in its name; there are: ${PARTS.map(({ name }) => name).join('; ')}`);
}

const repetitionsOf = ({ long }: CommandPart, { repetitions }: Choice): number =>
  repetitions ?? (long ? REPETITIONS_LONG : REPETITIONS);

function costText(measured: Measurements, { makes }: CommandPart): string {
  if ('refused' in measured) return `not done: ${measured.refused.slice(0, 80)}`;
  const { cpuS, wallS, peakMiB } = medianUsage(measured);
  const rate = makes && `, ${Math.round(makes.count / wallS).toLocaleString('en')} ${makes.what}/s`;
  return `${cpuS.toFixed(2)} s CPU, ${wallS.toFixed(2)} s, ${peakMiB.toFixed(0)} MiB${rate ?? ''}`;
}

/** What whole commands take: of all their threads, and at their peak. Written to a folder where one is given. */
export function reportCommands(choice: Choice, results?: string): void {
  console.log('\nwhole commands: CPU of all threads, time, peak memory; medians');
  const rows = chosen(choice).map((part) => {
    const repetitions = repetitionsOf(part, choice);
    const [measured] = measureCommand(part, [OWN_BUILD], repetitions);
    console.log(`  ${part.name.padEnd(48)} ${costText(measured, part)}`);
    const usage = 'refused' in measured ? null : medianUsage(measured);
    return {
      command: part.name,
      repetitions,
      cpu_s: usage?.cpuS.toFixed(3),
      wall_s: usage?.wallS.toFixed(3),
      peak_mib: usage?.peakMiB.toFixed(0),
      ...MACHINE,
    };
  });
  if (results !== undefined) writeFileSync(join(results, 'benchmark-commands.csv'), stringify(rows, { header: true }));
}

/** Measures each command of this build and of another in turn, and how many times as much the other takes. */
export function reportPairs(other: string, choice: Choice): void {
  programOf(other);
  console.log(`whole commands of this build and of ${other} in turn: medians; ratios of the pairs (least-most)`);
  for (const part of chosen(choice)) {
    const [own, theirs] = measureCommand(part, [OWN_BUILD, other], repetitionsOf(part, choice));
    console.log(`  ${part.name}\n    this   ${costText(own, part)}\n    other  ${costText(theirs, part)}`);
    if ('refused' in own || 'refused' in theirs) continue;
    const ratios = FIGURES.map((figure, i) => {
      const values = own.map((usage, pair) => theirs[pair][figure] / usage[figure]);
      const [least, most] = extent(values);
      const range = `${(least ?? NaN).toFixed(2)}-${(most ?? NaN).toFixed(2)}`;
      return `${['CPU', 'time', 'memory'][i]} ${(median(values) ?? NaN).toFixed(2)} times (${range})`;
    });
    console.log(`    ratio  ${ratios.join(', ')}`);
  }
}
