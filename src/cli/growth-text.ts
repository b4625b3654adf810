import type { Growth, ScenarioLimit } from '../plan/growth.js';
import { compact, grouped, MISSING } from '../report/compact-numbers.js';
import type { OutputFormat } from './options.js';
import { formatRows, type PrintColumn } from './print.js';

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
    const value = tried.find((each) => each.value === missed)?.candidate.mean(slo.metric) ?? null;
    return `${slo.text} (${value === null ? 'no value' : compact(value)})`;
  });
  if (missed === null) return `${where}all SLOs are met up to ${grow} = ${met ?? MISSING}, the largest value tried.`;
  if (met === null) return `${where}already ${grow} = ${missed} misses ${breaking.join(' and ')}.`;
  return `${where}${grow} can be ${met}; ${missed} misses ${breaking.join(' and ')}.`;
}

function columnsOf({ grow, slos }: Growth): readonly PrintColumn[] {
  const metrics = [...new Set(slos.map(({ metric }) => metric))];
  return [
    { name: 'scenario', width: 60 },
    { name: grow, alignment: 'right' },
    ...metrics.map((name) => ({ name, alignment: 'right' }) as const),
    { name: 'meets_slos' },
  ];
}

function rowsOf({ slos, limits }: Growth, forPeople: boolean): (string | number)[][] {
  const metrics = [...new Set(slos.map(({ metric }) => metric))];
  return limits.flatMap(({ scenario, tried }) =>
    tried.map(({ value, candidate }) => [
      scenario,
      value,
      ...metrics.map((metric) => {
        const mean = candidate.mean(metric);
        if (mean === null) return forPeople ? MISSING : '';
        return forPeople ? compact(mean) : mean;
      }),
      candidate.meets(slos) ? 'yes' : 'no',
    ]),
  );
}
