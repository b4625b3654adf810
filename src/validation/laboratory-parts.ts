import type { ModelInput } from '../cluster/model/model-input.js';
import { standing } from './agreement.js';
import type { GroupData, RoundsData, StartData } from './group-data.js';
import { knownMiss } from './known-misses.js';
import type { Group, Laboratory } from './laboratory.js';
import { part, type Part } from './part.js';
import { falseAlarms, powerCases, rejectionPower } from './power.js';
import {
  dataOf,
  GROUP_REPLICATIONS,
  groupCases,
  groupRuns,
  type MeasuredGroup,
  ReferenceRuns,
} from './real-cluster.js';
import { RESTART_FIGURES, restartCases } from './restarts.js';
import { caseOf } from './replications.js';
import { hasStorm, type MeasuredStorm, measuredStorm } from './measured-storm.js';
import { SEEN_OF_STORMS, STORM_FIGURES, stormFigures, stormInput } from './storm.js';
import { besideSlowness, slownessOf } from './storm-cpu.js';
import { besideRepeats, isRepeat } from './storm-repeats.js';
import { type MeasuredRow, measuredTable, powerTable } from './tables.js';

const RESTART_REPLICATIONS = 50;
const STORM_REPLICATIONS = 20;

/** What identifies a laboratory in a table; its rows are one family of tests. */
const LABORATORY_KEYS = ['release', 'laboratory'];
const keysOf = ({ release, name }: Laboratory): readonly string[] => [release, name];

/** Fewer rounds of updates hang on single moments of the machine. */
const ROUNDS_MIN = 4;

/** Laboratories with enough rounds of updates for their groups to be compared. */
function withRounds(laboratories: readonly Laboratory[]): readonly Laboratory[] {
  const rounds = ({ tables }: Laboratory): number =>
    tables.rows('updates').reduce((most, { version }) => Math.max(most, Number(version)), 0);
  return laboratories.filter((laboratory) => laboratory.groups.length > 0 && rounds(laboratory) >= ROUNDS_MIN);
}

/**
 * The groups of all laboratories, and the models that each of these is able to reject.
 * @param wanted which of them are compared, all of which tell what their laboratory's machine was like
 */
export function realClusters(
  laboratories: readonly Laboratory[],
  wanted: (group: Group) => boolean = () => true,
): Part {
  const compared = withRounds(laboratories);
  const all = compared.flatMap((laboratory) =>
    laboratory.groups.filter(wanted).map((group) => ({ laboratory, group })),
  );
  const wrong = compared.flatMap(powerCases).filter(({ measured }) => wanted(measured.group));
  const right = all.map((measured) => groupCases(measured, GROUP_REPLICATIONS));
  const cases = [...right, ...wrong.map((each) => each.cases)].flat();
  return part<StartData | RoundsData>(cases, (values) => {
    const runsOf = (measured: MeasuredGroup, index: number): GroupData[] =>
      groupRuns(measured, values[2 * index] as StartData[], values[2 * index + 1] as RoundsData[]);
    const references = all.map((measured, index) => new ReferenceRuns(runsOf(measured, index)));
    const table = measuredTable(
      'real-cluster',
      'Real clusters',
      [...LABORATORY_KEYS, 'group'],
      all.flatMap((measured, index) =>
        references[index].compare(dataOf(measured)).map((row): MeasuredRow => {
          const { laboratory, group } = measured;
          const explanation = knownMiss('real-cluster', laboratory.name, [group.group, row.statistic]);
          return { ...row, keys: [...keysOf(laboratory), group.group], explanation };
        }),
      ),
      LABORATORY_KEYS.length,
    );
    const powers = wrong.map((each, index) => {
      const { laboratory, group } = each.measured;
      const own = all.findIndex((measured) => measured.laboratory === laboratory && measured.group === group);
      return rejectionPower(each, runsOf(each.measured, right.length + index), references[own]);
    });
    return [table, powerTable([...all.map((measured, i) => falseAlarms(measured, references[i])), ...powers])];
  });
}

/** The restarts of all laboratories' API servers. */
export function restartsOfTheServers(laboratories: readonly Laboratory[]): Part {
  const all = laboratories.flatMap(restartCases);
  return part(
    all.map(({ input, read }) => caseOf(input, RESTART_REPLICATIONS, ['requests'], read)),
    (values) => [
      measuredTable(
        'restarts',
        'Restarts of the real clusters’ API servers',
        [...LABORATORY_KEYS, 'restart', 'group'],
        all.flatMap(({ laboratory, restart, group, measured }, index) =>
          RESTART_FIGURES.flatMap(({ name, unit, of }): MeasuredRow[] => {
            const value = of(measured);
            const simulated = values[index].map((requests) => of(requests));
            // A figure that the release does not have.
            if (value === 0 && simulated.every((each) => each === 0)) return [];
            const explanation = knownMiss('restarts', laboratory.name, [restart, group, name]);
            const keys = [...keysOf(laboratory), restart, group];
            return [{ keys, statistic: name, unit, measured: value, explanation, ...standing(value, simulated) }];
          }),
        ),
        LABORATORY_KEYS.length,
      ),
    ],
  );
}

/** A storm's experiment, on a machine that is as slow as it was measured. */
function inputOf({ release }: Laboratory, storm: MeasuredStorm): ModelInput {
  return stormInput(release, storm, {}, slownessOf(release, storm));
}

/** Storms of laboratories that have one. */
export function restartStorms(laboratories: readonly Laboratory[]): Part {
  const all = laboratories.filter(hasStorm).map((laboratory) => ({ laboratory, storm: measuredStorm(laboratory) }));
  const repeatsOf = (one: (typeof all)[number]): readonly MeasuredStorm[] =>
    all.filter((each) => isRepeat(one, each)).map(({ storm }) => storm);
  return part(
    all.map(({ laboratory, storm }) =>
      caseOf(inputOf(laboratory, storm), STORM_REPLICATIONS, SEEN_OF_STORMS, (observed) =>
        stormFigures(observed, storm),
      ),
    ),
    (values) => [
      measuredTable(
        'storm',
        'Restart storms',
        LABORATORY_KEYS,
        all.flatMap((one, index) => {
          const { laboratory, storm } = one;
          return STORM_FIGURES.filter(({ of }) => !Number.isNaN(of(storm))).map(({ name, unit, of }): MeasuredRow => {
            const value = of(storm);
            const stands = standing(
              value,
              values[index].map((run) => of(run)),
            );
            const known = knownMiss('storm', laboratory.name, [name]);
            const reason = besideSlowness(known, slownessOf(laboratory.release, storm));
            const explanation = besideRepeats(repeatsOf(one).map(of), unit, stands, reason);
            return { keys: keysOf(laboratory), statistic: name, unit, measured: value, explanation, ...stands };
          });
        }),
        LABORATORY_KEYS.length,
      ),
    ],
  );
}
