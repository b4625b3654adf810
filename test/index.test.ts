import { expect } from 'chai';
import { readFileSync } from 'node:fs';
import ts from 'typescript';
import * as library from '../src/index.js';

const ROOT = new URL('../../', import.meta.url);

/** All that the library does, by what one wants of it. */
const VALUES = [
  ...['experimentOf', 'loadExperiment', 'jsonSchema', 'PRESETS', 'RELEASES', 'behavioursOf'],
  ...['explain', 'explainable'],
  ...['simulate', 'runExperiment', 'runToFolder', 'runShard', 'mergeShards'],
  ...['METRICS', 'DELAY_QUANTILES', 'answerTable', 'answerCsv', 'answerJson', 'judgeSlos'],
  ...[
    'writeResults',
    'writeReport',
    'junitSummary',
    'markdownSummary',
    'prepareTrace',
    'compareResults',
    'comparisonCsv',
    'comparisonJson',
  ],
  ...['advise', 'adviceCsv', 'adviceJson', 'planExperiment', 'growExperiment', 'whatIf'],
  ...['importCluster', 'formatImportSummary', 'calibrate'],
  ...['validate', 'compareWithMeasurement', 'readMeasurement'],
  ...['InputError', 'OutputError', 'SearchInterrupted'],
];

/** The types that a program meets first; all others are under `types`. */
const TYPES = [
  ...['Experiment', 'LoadOptions', 'SimulateOptions', 'RunOptions', 'RunOutcome', 'RunRecord'],
  ...['Comparison', 'Advice', 'Plan', 'Growth'],
  'types',
];

function source(path: string): ts.SourceFile {
  const text = readFileSync(new URL(path, ROOT), 'utf8');
  return ts.createSourceFile(path, text, ts.ScriptTarget.ES2023);
}

/** Names that a module of nothing but re-exports gives: `export *` has none. */
function exportedNames(path: string): readonly string[] {
  return source(path).statements.flatMap((statement) => {
    if (!ts.isExportDeclaration(statement)) throw new Error(`${path}: more than re-exports`);
    const { exportClause } = statement;
    if (exportClause === undefined) throw new Error(`${path}: exports all of a module, whatever it will hold`);
    if (ts.isNamespaceExport(exportClause)) return [exportClause.name.text];
    return exportClause.elements.map(({ name }) => name.text);
  });
}

describe('the library', () => {
  it('exports these names and no others', () => {
    expect(Object.keys(library)).to.have.members(VALUES);
    expect(exportedNames('src/index.ts')).to.have.members([...VALUES, ...TYPES]);
  });

  it('has no values among its types', () => {
    for (const statement of source('src/types.ts').statements) {
      expect(ts.isExportDeclaration(statement) && statement.isTypeOnly).to.equal(true);
    }
  });
});
