import { parse } from 'csv-parse/sync';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** What a reader of data packages goes by, as the standard names it (datapackage.org/standard). */
interface FieldDescriptor {
  readonly name: string;
  readonly type: 'string' | 'integer' | 'number';
  readonly description: string;
  readonly unit?: string;
  readonly decimalChar?: string;
  readonly constraints?: { readonly required?: boolean; readonly unique?: boolean; readonly enum?: readonly string[] };
}

export interface ResourceDescriptor {
  readonly name: string;
  readonly path: string;
  readonly rows: number;
  readonly hash: string;
  readonly dialect: { readonly delimiter: string; readonly lineTerminator: string; readonly quoteChar: string };
  readonly schema: {
    readonly fields: readonly FieldDescriptor[];
    readonly missingValues: readonly string[];
    readonly primaryKey?: readonly string[];
    readonly foreignKeys?: readonly {
      readonly fields: readonly string[];
      readonly reference: { readonly resource: string; readonly fields: readonly string[] };
    }[];
  };
}

export interface PackageDescriptor {
  readonly name: string;
  readonly title: string;
  readonly resources: readonly ResourceDescriptor[];
}

type Value = string | number | null;
type Row = Readonly<Record<string, Value>>;

export function readPackage(folder: string): PackageDescriptor {
  return JSON.parse(readFileSync(join(folder, 'datapackage.json'), 'utf8')) as PackageDescriptor;
}

/**
 * Reads all tables of a data package by nothing but its descriptor, and holds them to it.
 * @returns what is wrong: cells that are not of their type, broken constraints, keys and references
 */
export function problemsOf(folder: string): readonly string[] {
  const { resources } = readPackage(folder);
  const tables = new Map(resources.map((resource) => [resource.name, readTable(folder, resource)]));
  return resources.flatMap((resource) => {
    const { rows, problems } = tables.get(resource.name) ?? { rows: [], problems: ['is missing'] };
    const { primaryKey = [], foreignKeys = [] } = resource.schema;
    const count = rows.length === resource.rows ? [] : [`has ${rows.length} rows, not ${resource.rows}`];
    const twice = new Set(rows.map((row) => keyOf(row, primaryKey))).size < rows.length && primaryKey.length > 0;
    const broken = foreignKeys.flatMap(({ fields, reference }) => {
      const known = new Set((tables.get(reference.resource)?.rows ?? []).map((row) => keyOf(row, reference.fields)));
      return rows.some((row) => !known.has(keyOf(row, fields))) ? [`${fields.join()} leads nowhere`] : [];
    });
    return [...problems, ...count, ...(twice ? [`key ${primaryKey.join()} is not unique`] : []), ...broken].map(
      (problem) => `${resource.path}: ${problem}`,
    );
  });
}

/** The rows of a table by its descriptor, and what in them is wrong. */
export function readTable(
  folder: string,
  { path, dialect, schema }: ResourceDescriptor,
): { readonly rows: readonly Row[]; readonly problems: readonly string[] } {
  const cells: string[][] = parse(readFileSync(join(folder, path)), {
    delimiter: dialect.delimiter,
    quote: dialect.quoteChar,
    record_delimiter: dialect.lineTerminator,
    bom: true,
  });
  const [header, ...body] = cells;
  const names = schema.fields.map(({ name }) => name);
  const problems = header.join() === names.join() ? [] : [`has columns ${header.join()}, not ${names.join()}`];
  const rows = body.map((line): Row => {
    const values = schema.fields.map((field, index) => {
      const value = valueOf(line[index], field, schema.missingValues);
      if (value === undefined) problems.push(`a cell of ${field.name} is no ${field.type}: ${line[index]}`);
      const { required = false, enum: allowed } = field.constraints ?? {};
      if (required && value === null) problems.push(`a cell of ${field.name} is empty`);
      if (typeof value === 'string' && allowed?.includes(value) === false) problems.push(`${field.name} is ${value}`);
      return [field.name, value ?? null] as const;
    });
    return Object.fromEntries(values);
  });
  return { rows, problems };
}

const INTEGER = /^[+-]?\d+$/;
const NUMBER = /^[+-]?\d+(\.\d+)?([eE][+-]?\d+)?$/;

/** undefined: the cell is no value of the field's type. */
function valueOf(cell: string, { type, decimalChar = '.' }: FieldDescriptor, missing: readonly string[]) {
  if (missing.includes(cell)) return null;
  if (type === 'string') return cell;
  const text = cell.replace(decimalChar, '.');
  return (type === 'integer' ? INTEGER : NUMBER).test(text) ? Number(text) : undefined;
}

function keyOf(row: Row, fields: readonly string[]): string {
  return JSON.stringify(fields.map((field) => row[field]));
}
