import type { Experiment } from '../experiment/language/experiment.js';
import { TOOL } from '../tool.js';
import type { Column } from './columns.js';
import type { Dialect } from './csv.js';
import { partName, tableOfPart } from './file-names.js';
import { TABLE_KINDS, type TableKind } from './result-tables.js';
import type { WrittenFile } from './result-folder.js';

/**
 * Data Package v2 (datapackage.org/standard), with what readers of v1 need (`profile`). Each property below is one of the
 * standard, but for `unit` and `rows`.
 */
const PACKAGE_SCHEMA = 'https://datapackage.org/profiles/2.0/datapackage.json';

/** A file of a result, and the columns of its table. */
export interface DescribedFile extends WrittenFile {
  readonly columns: readonly Column[];
}

/**
 * `datapackage.json`: what is needed to read the tables of a result rightly, whatever reads them: the type of each column,
 * its unit and meaning, what an empty cell is, keys, and how numbers and cells are spelt. A table in parts is a resource
 * per part.
 */
export function dataPackageJson(experiment: Experiment, files: readonly DescribedFile[], dialect: Dialect): string {
  const written = new Set(files.map(({ name }) => name));
  const descriptor = {
    $schema: PACKAGE_SCHEMA,
    profile: 'tabular-data-package',
    name: slug(experiment.name),
    id: `sha256:${experiment.hash}`,
    title: experiment.name,
    ...(experiment.question !== undefined && { description: experiment.question }),
    sources: [
      { title: `${TOOL.name}: manifest.json holds the experiment, its seeds and fingerprints`, path: 'manifest.json' },
    ],
    resources: files.map((file) => resource(file, written, dialect)),
  };
  return `${JSON.stringify(descriptor, null, 2)}\n`;
}

/** A name as the standard wants it. */
function slug(name: string): string {
  return name.toLowerCase().replaceAll(/[^a-z0-9._-]+/g, '-');
}

function resource(file: DescribedFile, written: ReadonlySet<string>, dialect: Dialect) {
  const table = tableOfPart(file.name) ?? file.name;
  const kind = TABLE_KINDS[table];
  return {
    name: slug(file.name.replace(/\.csv$/, '')),
    type: 'table',
    profile: 'tabular-data-resource',
    path: file.name,
    title: file.name,
    description: `A row per ${kind.row}.`,
    format: 'csv',
    mediatype: 'text/csv',
    encoding: 'utf-8',
    hash: `sha256:${file.sha256}`,
    rows: file.rows,
    dialect: {
      delimiter: dialect.excel ? ';' : ',',
      lineTerminator: '\n',
      quoteChar: '"',
      doubleQuote: true,
      header: true,
    },
    schema: {
      fields: file.columns.map((column) => field(column, kind, dialect)),
      missingValues: [''],
      ...(kind.key.length > 0 && { primaryKey: kind.key }),
      ...foreignKeys(kind, written),
    },
  };
}

const TYPES: Readonly<Record<Column['type'], string>> = { integer: 'integer', number: 'number', text: 'string' };

function field({ name, type, unit, meaning, values }: Column, { key }: TableKind, dialect: Dialect) {
  const isKey = key.includes(name);
  const constraints = {
    ...(isKey && { required: true }),
    ...(isKey && key.length === 1 && { unique: true }),
    ...(values !== undefined && { enum: values }),
  };
  return {
    name,
    type: TYPES[type],
    description: meaning,
    ...(unit !== '' && { unit }),
    ...(type === 'number' && dialect.excel && { decimalChar: ',' }),
    ...(Object.keys(constraints).length > 0 && { constraints }),
  };
}

/** References to tables that are whole in one file; a reference into one of several parts would miss the others. */
function foreignKeys({ refersTo = [] }: TableKind, written: ReadonlySet<string>) {
  const keys = refersTo
    .filter(({ table }) => written.has(partName(table, 1)) && !written.has(partName(table, 2)))
    .map(({ columns, table }) => ({ fields: columns, reference: { resource: table, fields: columns } }));
  return keys.length === 0 ? {} : { foreignKeys: keys };
}
