import { METRICS } from '../cluster/model/run-record.js';
import { limitForm } from '../experiment/language/values/metric-units.js';
import { parseMetric } from '../experiment/language/values/metrics.js';
import type { Column } from '../report/columns.js';
import { partName } from '../report/file-names.js';
import { metricColumn } from '../report/metric-columns.js';
import { TABLE_KINDS, type TableKind } from '../report/result-tables.js';
import type { Explanation, Subject } from './explanation.js';

const TABLES = Object.entries(TABLE_KINDS);

/** Metrics, result files and their columns. */
export function resultSubjects(): readonly Subject[] {
  return [
    ...METRICS.map((name) => metricSubject(metricColumn(name))),
    ...TABLES.map(fileSubject),
    ...TABLES.flatMap(([table, kind]) =>
      kind.columns.filter(({ name }) => !isMetricOf(table, name)).map((column) => columnSubject(table, kind, column)),
    ),
  ];
}

/** A metric or a column that only some experiments have, such as `delay_over_60s_share`; none for other names. */
export function furtherSubjects(name: string): readonly Subject[] {
  return TABLES.flatMap(([table, kind]) => {
    const column = kind.furtherColumn?.(name) ?? null;
    if (column === null) return [];
    return [isMetricOf(table, name) ? metricSubject(column) : columnSubject(table, kind, column)];
  });
}

/** Metrics are columns of `runs.csv`, too: they are explained once. */
function isMetricOf(table: string, name: string): boolean {
  return table === 'runs' && parseMetric(name).ok;
}

function metricSubject({ name, type, unit, meaning }: Column): Subject {
  const of = (): Explanation => {
    const metric = parseMetric(name);
    return {
      kind: 'metric',
      name,
      meaning,
      type: typeText(type),
      ...(unit !== '' && { unit }),
      usedIn: [
        'a column of runs.csv; a row of summary.csv, paired.csv and effects.csv; compare',
        `slos, plan --slo: its limit ${metric.ok ? limitForm(metric.value) : ''}`,
        `plan --cost, --delay; precision.metric`,
      ],
      seeAlso: [],
      parts: [],
    };
  };
  return { kind: 'metric', name, meaning, explain: of };
}

function fileSubject([table, kind]: readonly [string, TableKind]): Subject {
  const name = partName(table, 1);
  const meaning = `A row per ${kind.row}.`;
  const further = kind.furtherColumn === undefined ? '' : ', and those of its factors, thresholds or classes';
  const of = (): Explanation => ({
    kind: 'file',
    name,
    meaning,
    type: `CSV of ${kind.columns.length} columns${further}; key: ${kind.key.join(', ') || 'none'}`,
    usedIn: [
      'the folder of a result: run --out DIR',
      ...(kind.refersTo ?? []).map((other) => `${other.columns.join(', ')}: rows of ${partName(other.table, 1)}`),
    ],
    seeAlso: [],
    parts: kind.columns.map((column) => ({ name: column.name, meaning: withUnit(column) })),
  });
  return { kind: 'file', name, meaning, explain: of };
}

function columnSubject(table: string, { key }: TableKind, column: Column): Subject {
  const { meaning, type, unit, values } = column;
  const name = `${table}.${column.name}`;
  const of = (): Explanation => ({
    kind: 'column',
    name,
    meaning,
    type: typeText(type),
    ...(values !== undefined && { values }),
    ...(unit !== '' && { unit }),
    usedIn: [`${partName(table, 1)}${key.includes(column.name) ? `, in its key ${key.join(', ')}` : ''}`],
    seeAlso: [],
    parts: [],
  });
  return { kind: 'column', name, meaning, explain: of };
}

function withUnit({ meaning, unit }: Column): string {
  return unit === '' ? meaning : `${meaning} (${unit})`;
}

function typeText(type: Column['type']): string {
  return type === 'integer'
    ? 'whole numbers; empty: no value'
    : type === 'number'
      ? 'numbers; empty: no value'
      : 'text';
}
