import { boundCase, BOUNDED, boundsTable } from './bounds.js';
import { CLOSED_FORMS, type TheoryCase } from './closed-forms.js';
import { DIRECT_FORMS } from './direct-forms.js';
import { estimate, EXPECTED_OF } from './expectations.js';
import { type Laboratory, openLaboratory, shippedLaboratories } from './laboratory.js';
import { realClusters, restartsOfTheServers, restartStorms } from './laboratory-parts.js';
import { modelOf } from './model.js';
import { part, type Part } from './part.js';
import { PUBLISHED } from './published.js';
import { quantilesCase, quantilesTable } from './quantiles.js';
import { firstRunsTable } from './first-runs.js';
import { type Case, caseOf, replicate, type ReplicationOptions } from './replications.js';
import { theoryTable, type ValidationTable } from './tables.js';

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

/** Those that are held to laboratories. */
export const LABORATORY_VALIDATIONS = [
  'real-cluster',
  'restarts',
  'storm',
] as const satisfies readonly ValidationName[];

/** What is validated, and how it is computed. */
export interface ValidationOptions extends ReplicationOptions {
  /** Folders of laboratories that the simulation is held to. Default: those of the package. */
  readonly laboratories?: readonly string[];
}

type Parts = Readonly<Record<ValidationName, (laboratories: () => readonly Laboratory[]) => Part>>;

const PARTS: Parts = {
  'closed-forms': closedForms,
  bounds: () =>
    part(
      BOUNDED.map((step) => boundCase(step)),
      (runs) => [boundsTable(runs)],
    ),
  quantiles: () => part([quantilesCase()], ([runs]) => [quantilesTable(runs)]),
  'real-cluster': (laboratories) => realClusters(laboratories()),
  restarts: (laboratories) => restartsOfTheServers(laboratories()),
  storm: (laboratories) => restartStorms(laboratories()),
  published: () =>
    part(casesOf(PUBLISHED), (values) => [
      theoryTable('published', 'Published numbers', estimatesOf(PUBLISHED, values)),
    ]),
};

/** A validation that was recomputed. */
export interface Validation {
  readonly tables: readonly ValidationTable[];
  /** What the first run of each case was seen to do: whether the tables are still what they were costs that run only. */
  readonly firstRuns: ValidationTable;
}

/**
 * Recomputes the validation: closed forms, bounds, quantiles, real clusters with their
 * restarts and storms, published numbers.
 * @param only the parts wanted; default: the usual ones
 * @throws InputError where a laboratory's folder lacks what is needed; Interrupted when the signal is aborted
 */
export async function validate(
  only: readonly ValidationName[] = USUAL_VALIDATIONS,
  options: ValidationOptions = {},
): Promise<Validation> {
  const parts = partsOf(only, options);
  const values = await replicateParts(parts, options);
  return {
    tables: parts.flatMap(({ tables }, index) => tables(values[index])),
    firstRuns: firstRunsTable(parts, values),
  };
}

/**
 * The first run of each case of the validation alone.
 * @throws as `validate`
 */
export async function firstRuns(
  only: readonly ValidationName[] = USUAL_VALIDATIONS,
  options: ValidationOptions = {},
): Promise<ValidationTable> {
  const parts = partsOf(only, options).map((each) => ({
    ...each,
    cases: each.cases.map((one) => ({ ...one, replications: 1 })),
  }));
  return firstRunsTable(parts, await replicateParts(parts, options));
}

/** A part and its name. */
interface NamedPart extends Part {
  readonly name: ValidationName;
}

function partsOf(
  only: readonly ValidationName[],
  { laboratories = shippedLaboratories() }: ValidationOptions,
): readonly NamedPart[] {
  let opened: readonly Laboratory[] | undefined;
  const open = (): readonly Laboratory[] => (opened ??= laboratories.map(openLaboratory));
  return VALIDATIONS.filter((name) => only.includes(name)).map((name) => ({ name, ...PARTS[name](open) }));
}

/** The values of the cases of each part, by case and replication. */
async function replicateParts(
  parts: readonly Part[],
  options: ReplicationOptions,
): Promise<readonly (readonly (readonly unknown[])[])[]> {
  const values = await replicate(
    parts.flatMap(({ cases }) => cases),
    options,
  );
  let first = 0;
  return parts.map(({ cases }) => values.slice(first, (first += cases.length)));
}

function casesOf(theory: readonly TheoryCase[]): Case<number[]>[] {
  return theory.map(({ spec, samples, replications, expectations }) =>
    caseOf(modelOf(spec, samples && { samples }), replications, EXPECTED_OF, (observed) =>
      expectations.map(({ of }) => of(observed)),
    ),
  );
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
