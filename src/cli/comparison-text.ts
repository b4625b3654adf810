import type { MetricName } from '../cluster/model/run-record.js';
import type { Comparison, ComparedSide } from '../report/compare/compare-results.js';
import type { ComparisonRow } from '../report/compare/comparison-rows.js';
import { compact, compactMetric, compactUp, MISSING } from '../report/compact-numbers.js';
import { formatRows, type PrintColumn } from './format-rows.js';

/** What a table shows, the most asked for first; programs get all. */
const SHOWN: readonly MetricName[] = [
  'last_pod_bound_s',
  'last_pod_max_s',
  'delay_p50_s',
  'delay_p99_s',
  'delay_mean_s',
  'projections',
  'replaced',
  'never_projected',
  'started_stale',
  'watches_open_max',
  'watches_open_max_per_server',
  'get_per_s',
  'list_per_s',
  'watch_per_s',
  'quorum_reads_per_s',
  'requests_max_per_s',
  'bytes_sent_per_s',
  'apiserver_cpu_cores',
  'apiserver_memory_bytes',
  'watch_recovery_max_s',
  'rejected_429',
  'mount_failures',
  'pod_start_max_s',
  'stale_pod_seconds',
];
const SETTINGS_SHOWN = 12;

/** The comparison for a person: what is compared, what differs in the settings, then the metrics. */
export function formatComparison(comparison: Comparison): string {
  const { a, b, method, common, settings, behaviours, rows } = comparison;
  const how =
    method === 'paired'
      ? `B less A over ${common} replications, paired: both met the same chance.`
      : 'B less A, not paired: the intervals are those of Welch, for independent samples.';
  const blocks = [
    `A  ${sideText(a)}\nB  ${sideText(b)}\n${how}\n`,
    settingsBlock(settings),
    ...(behaviours.length > 0 ? [behavioursBlock(behaviours)] : []),
    metricsBlock(rows),
    `± half of the 95 % interval; yes: the interval does not contain 0. ${rows.length} metrics with -o csv.\n`,
  ];
  return blocks.join('\n');
}

function sideText({ folder, scenario, replications, bound_s, worst_seen_s }: ComparedSide): string {
  const told = [
    ...(bound_s === null ? [] : [`every pod has the new keys by ${compactUp(bound_s)} s (bound)`]),
    ...(worst_seen_s === null ? [] : [`worst seen ${compact(worst_seen_s)} s`]),
  ];
  return `${folder}: ${scenario} (${replications} replications)${told.length === 0 ? '' : `\n   ${told.join('; ')}`}`;
}

function settingsBlock(settings: Comparison['settings']): string {
  if (settings.length === 0) return 'No setting differs.\n';
  const rows = settings.slice(0, SETTINGS_SHOWN).map(({ path, a, b }) => [path, a ?? MISSING, b ?? MISSING]);
  const more = settings.length - rows.length;
  const columns = [
    { name: 'setting', width: 60 },
    { name: 'a', width: 30 },
    { name: 'b', width: 30 },
  ];
  return formatRows('table', columns, rows) + (more > 0 ? `… and ${more} more (-o json has all)\n` : '');
}

/** What the releases change, each with its effect. */
function behavioursBlock(behaviours: Comparison['behaviours']): string {
  const columns = [
    { name: 'changed by release', width: 22 },
    { name: 'a', width: 36 },
    { name: 'b', width: 36 },
    { name: 'effect', width: 50 },
  ];
  return formatRows(
    'table',
    columns,
    behaviours.map(({ name, a, b, effect }) => [name, a, b, effect]),
  );
}

function metricsBlock(rows: readonly ComparisonRow[]): string {
  const columns: PrintColumn[] = [
    { name: 'metric' },
    ...['a', 'b', 'difference', 'change %'].map((name) => ({ name, alignment: 'right' }) as const),
    { name: 'clear' },
  ];
  const shown = SHOWN.flatMap((metric) => rows.filter((row) => row.metric === metric && !isNothing(row)));
  return formatRows('table', columns, shown.map(cells));
}

/** True where both are zero. */
function isNothing({ mean_a, mean_b }: ComparisonRow): boolean {
  return mean_a === 0 && mean_b === 0;
}

function cells(row: ComparisonRow): string[] {
  return [
    String(row.metric),
    valueText(row, row.mean_a),
    valueText(row, row.mean_b),
    differenceText(row),
    compact(numeric(row.change_percent)),
    clearText(row),
  ];
}

function valueText({ metric }: ComparisonRow, value: ComparisonRow['mean_a']): string {
  return metric === 'last_pod_bound_s' ? compactMetric(metric, numeric(value)) : compact(numeric(value));
}

function differenceText(row: ComparisonRow): string {
  const [difference, high] = [numeric(row.difference), numeric(row.ci95_high)];
  if (difference === null || high === null || high === difference) return compact(difference);
  return `${compact(difference)} ± ${compact(high - difference)}`;
}

function clearText(row: ComparisonRow): string {
  const [low, high] = [numeric(row.ci95_low), numeric(row.ci95_high)];
  if (low === null || high === null) return MISSING;
  return low > 0 || high < 0 ? 'yes' : 'no';
}

const numeric = (cell: ComparisonRow['mean_a']): number | null => (typeof cell === 'number' ? cell : null);
