import type { Metric } from '../cluster/model/run-record.js';
import type { Slo } from '../experiment/language/values/slo.js';
import type { Growth, ScenarioLimit } from '../plan/growth.js';
import { grouped, MISSING } from '../report/compact-numbers.js';
import { judgedText } from '../report/slo-lines.js';
import type { OutputFormat } from './options.js';
import { formatRows, type PrintColumn } from './print.js';
import { measuresOf } from './slo-columns.js';

/** The answer of `plan --grow`: in words, then what was measured at each value. */
export function formatGrowth(format: OutputFormat, growth: Growth): string {
  const rows = rowsOf(growth, format === 'table');
  if (format !== 'table') return formatRows(format, columnsOf(growth), rows);
  const lines = growth.limits.map((limit) => sentence(growth, limit));
  return [...lines, `${grouped(growth.runs)} runs.`, '', formatRows('table', columnsOf(growth), rows)].join('\n');
}

function sentence({ grow, limits }: Growth, { scenario, met, missed, broken, tried }: ScenarioLimit): string {
  const where = limits.length > 1 ? `${scenario}: ` : '';
  const breaking = broken.map((slo) => {
    const candidate = tried.find((each) => each.value === missed)?.candidate;
    return candidate === undefined ? slo.text : `${slo.text}: ${judgedText(slo, candidate.judge(slo))}`;
  });
  if (missed === null) return `${where}all SLOs are met up to ${grow} = ${met ?? MISSING}, the largest value tried.`;
  if (met === null) return `${where}already ${grow} = ${missed} misses ${breaking.join(' and ')}.`;
  return `${where}${grow} can be ${met}; ${missed} misses ${breaking.join(' and ')}.`;
}

function columnsOf({ grow, slos }: Growth): readonly PrintColumn[] {
  return [
    { name: 'scenario', width: 60 },
    { name: grow, alignment: 'right' },
    ...measuresOf(meansOf(slos), slos).map(({ name }) => ({ name, alignment: 'right' }) as const),
    { name: 'meets_slos' },
  ];
}

/** Metrics that are judged by their mean. */
function meansOf(slos: readonly Slo[]): readonly Metric[] {
  return slos.filter(({ over }) => over.kind === 'mean').map(({ metric }) => metric);
}

function rowsOf({ slos, limits }: Growth, forPeople: boolean): (string | number)[][] {
  const measures = measuresOf(meansOf(slos), slos);
  return limits.flatMap(({ scenario, tried }) =>
    tried.map(({ value, candidate }) => [
      scenario,
      value,
      ...measures.map((measure) => (forPeople ? measure.text(candidate) : (measure.value(candidate) ?? ''))),
      candidate.meets(slos) ? 'yes' : 'no',
    ]),
  );
}
