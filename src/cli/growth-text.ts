import type { Metric } from '../cluster/model/run-record.js';
import type { Slo } from '../experiment/language/values/slo.js';
import type { Growth, ScenarioLimit } from '../plan/growth.js';
import { grouped, MISSING } from '../report/compact-numbers.js';
import { judgedText } from '../report/slo-lines.js';
import { formatRows, type PrintColumn } from './format-rows.js';
import type { OutputFormat } from './options.js';
import { measuresOf } from './slo-columns.js';

/** The answer of `plan --grow`: in words, then what was measured at each value. */
export function formatGrowth(format: OutputFormat, growth: Growth): string {
  const rows = rowsOf(growth, format === 'table');
  if (format !== 'table') return formatRows(format, columnsOf(growth), rows);
  const lines = growth.limits.map((limit) => sentence(growth, limit));
  return [...lines, `${grouped(growth.runs)} runs.`, '', formatRows('table', columnsOf(growth), rows)].join('\n');
}

function sentence(growth: Growth, limit: ScenarioLimit): string {
  const { grow, limits, first, downwards } = growth;
  const { scenario, missedAtFirst, met, missed, broken, tried } = limit;
  const where = limits.length > 1 ? `${scenario}: ` : '';
  const breaking = broken.map((slo) => {
    const candidate = tried.find((each) => each.value === missed)?.candidate;
    return candidate === undefined ? slo.text : `${slo.text}: ${judgedText(slo, candidate.judge(slo))}`;
  });
  const [end, farthest] = downwards ? ['down', 'smallest'] : ['up', 'largest'];
  if (missed === null)
    return `${where}all SLOs are met ${end} to ${grow} = ${met ?? MISSING}, the ${farthest} value tried.`;
  const miss = `${missed} misses ${breaking.join(' and ')}`;
  if (met === null) return `${where}already ${grow} = ${first} misses an SLO, and no value tried meets all: ${miss}.`;
  const least = downwards ? 'can be as small as' : 'can be';
  if (!missedAtFirst) return `${where}${grow} ${least} ${met}; ${miss}.`;
  return `${where}already ${grow} = ${first} misses an SLO: it ${downwards ? 'has to be' : 'can only be'} ${met}; ${miss}.`;
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
