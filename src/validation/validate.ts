import { standing } from './agreement.js';
import { boundCase, BOUNDED, boundsTable } from './bounds.js';
import { CLOSED_FORMS, type TheoryCase } from './closed-forms.js';
import { DIRECT_FORMS } from './direct-forms.js';
import { estimate } from './expectations.js';
import { type GroupData, measuredGroup } from './group-data.js';
import { groups } from './laboratory.js';
import { modelOf } from './model.js';
import { falseAlarms, rejectionPower, powerCases } from './power.js';
import { PUBLISHED } from './published.js';
import { quantilesCase, quantilesTable } from './quantiles.js';
import { GROUP_REPLICATIONS, groupCase, groupExplanation, ReferenceRuns } from './real-cluster.js';
import { type Case, replicate, type ReplicationOptions } from './replications.js';
import { RESTART_FIGURES, restartCases } from './restarts.js';
import { measuredStorm, STORM_FIGURES, stormFigures, stormInput } from './storm.js';
import { type MeasuredRow, measuredTable, powerTable, theoryTable, type ValidationTable } from './tables.js';

/** The parts of the validation, in order. */
export const VALIDATIONS = [
  'closed-forms',
  'bounds',
  'quantiles',
  'real-cluster',
  'restarts',
  'storm',
  'published',
] as const;
export type ValidationName = (typeof VALIDATIONS)[number];
/** Those that are recomputed where none is named: all but those that take as long as all others together. */
export const USUAL_VALIDATIONS = VALIDATIONS.filter((name) => name !== 'bounds' && name !== 'quantiles');

const RESTART_REPLICATIONS = 100;
const STORM_REPLICATIONS = 20;

/** One part: its cases, and the tables that their values make. */
interface Part {
  readonly cases: readonly Case<unknown>[];
  readonly tables: (values: readonly (readonly unknown[])[]) => readonly ValidationTable[];
}

/** A part whose cases all read the same kind of value. */
function part<T>(
  cases: readonly Case<T>[],
  tables: (values: readonly (readonly T[])[]) => readonly ValidationTable[],
): Part {
  return { cases, tables: (values) => tables(values as readonly (readonly T[])[]) };
}

const PARTS: Readonly<Record<ValidationName, () => Part>> = {
  'closed-forms': closedForms,
  bounds: () =>
    part(
      BOUNDED.map((step) => boundCase(step)),
      (runs) => [boundsTable(runs)],
    ),
  quantiles: () => part([quantilesCase()], ([runs]) => [quantilesTable(runs)]),
  'real-cluster': realCluster,
  restarts: restartsOfTheServer,
  storm: restartStorm,
  published: () =>
    part(casesOf(PUBLISHED), (values) => [
      theoryTable('published', 'Published numbers', estimatesOf(PUBLISHED, values)),
    ]),
};

/**
 * Recomputes the validation: closed forms, bounds, quantiles, a real cluster with its
 * restarts and a storm, published numbers.
 * @param only the parts wanted; default: the usual ones
 * @throws Interrupted when the signal is aborted
 */
export async function validate(
  only: readonly ValidationName[] = USUAL_VALIDATIONS,
  options: ReplicationOptions = {},
): Promise<readonly ValidationTable[]> {
  const parts = VALIDATIONS.filter((name) => only.includes(name)).map((name) => PARTS[name]());
  const values = await replicate(
    parts.flatMap(({ cases }) => cases),
    options,
  );
  let first = 0;
  return parts.flatMap(({ cases, tables }) => {
    const own = values.slice(first, first + cases.length);
    first += cases.length;
    return tables(own);
  });
}

function casesOf(theory: readonly TheoryCase[]): Case<number[]>[] {
  return theory.map(({ spec, samples, replications, expectations }) => ({
    input: modelOf(spec, samples && { samples }),
    replications,
    read: (observation) => expectations.map(({ of }) => of(observation)),
  }));
}

function estimatesOf(theory: readonly TheoryCase[], values: readonly (readonly (readonly number[])[])[]) {
  return theory.flatMap(({ expectations }, index) =>
    expectations.map((expectation, figure) => ({
      expectation,
      estimate: estimate(
        values[index].map((run) => run[figure]),
        expectation,
      ),
    })),
  );
}

function closedForms(): Part {
  return part(casesOf(CLOSED_FORMS), (values) => [
    theoryTable('closed-forms', 'Closed forms', [
      ...estimatesOf(CLOSED_FORMS, values),
      ...DIRECT_FORMS.map(({ expectation, values: compute }) => ({
        expectation,
        estimate: estimate(compute(), expectation),
      })),
    ]),
  ]);
}

function realCluster(): Part {
  const all = groups();
  const wrong = powerCases(all);
  const right = all.map((group) => groupCase(group, GROUP_REPLICATIONS));
  return part<GroupData>([...right, ...wrong.map(({ run }) => run)], (values) => {
    const references = new Map(all.map(({ group }, index) => [group, new ReferenceRuns(group, values[index])]));
    const referenceOf = (group: string): ReferenceRuns => {
      const reference = references.get(group);
      if (reference === undefined) throw new RangeError(`no group ${group}`);
      return reference;
    };
    const rows = all.flatMap(({ group }) => referenceOf(group).compare(measuredGroup(group)));
    const table = measuredTable(
      'real-cluster',
      'A real cluster (Kubernetes 1.20.2)',
      ['group'],
      rows.map((row): MeasuredRow => ({ ...row, keys: [row.group], explanation: groupExplanation(row.statistic) })),
    );
    const powers = wrong.map((each, index) => {
      const runs = values[right.length + index];
      const rejects = new ReferenceRuns(each.group, runs).rejects(measuredGroup(each.group));
      return rejectionPower(each, runs, rejects, referenceOf(each.group));
    });
    return [table, powerTable([...all.map(({ group }) => falseAlarms(group, referenceOf(group))), ...powers])];
  });
}

function restartsOfTheServer(): Part {
  const all = restartCases();
  return part(
    all.map(({ input, read }) => ({ input, read, replications: RESTART_REPLICATIONS })),
    (values) => [
      measuredTable(
        'restarts',
        'Two restarts of the real cluster’s API server',
        ['restart', 'group'],
        all.flatMap(({ restart, group, measured, explanation }, index) =>
          RESTART_FIGURES.map(({ name, unit, of }): MeasuredRow => {
            const value = of(measured);
            const simulated = values[index].map((requests) => of(requests));
            return {
              keys: [restart, group],
              statistic: name,
              unit,
              measured: value,
              explanation,
              ...standing(value, simulated),
            };
          }),
        ),
      ),
    ],
  );
}

function restartStorm(): Part {
  const measured = measuredStorm();
  return part(
    [{ input: stormInput(measured.started), replications: STORM_REPLICATIONS, read: stormFigures }],
    ([runs]) => [
      measuredTable(
        'storm',
        'A restart storm of 5,000 watches on one core',
        [],
        STORM_FIGURES.map(({ name, unit, of, explanation }): MeasuredRow => {
          const value = of(measured);
          const simulated = runs.map((run) => of(run));
          return { keys: [], statistic: name, unit, measured: value, explanation, ...standing(value, simulated) };
        }),
      ),
    ],
  );
}
