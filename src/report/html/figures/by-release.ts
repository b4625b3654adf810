import { group } from 'd3-array';
import type { MetricName } from '../../../cluster/model/run-record.js';
import { RELEASES } from '../../../cluster/model/releases.js';
import type { Summary } from '../../../experiment/statistics/statistics.js';
import { releasesText } from '../../../releases/behaviour-differences.js';
import { releasesOf } from '../../scenario-releases.js';
import type { ResultScenario } from '../../read/result-data.js';
import type { Figure } from '../figure.js';
import type { Html } from '../html.js';
import { drawPlot, hoverText, Plot } from '../plot.js';
import type { Scenes } from '../scenes.js';

/** The factor that is the axis of this figure. */
const RELEASE_FACTOR = 'cluster.kubernetesVersion';
/** Fewer releases are told apart better by the other figures. */
const RELEASES_MIN = 3;
const LINES_MAX = 6;

interface Panel {
  readonly metric: MetricName;
  readonly label: string;
}

/** What an upgrade changes, each in a panel of its own. */
const PANELS: readonly Panel[] = [
  { metric: 'last_pod_max_s', label: 'last pod, s' },
  { metric: 'get_per_s', label: 'GET per second' },
  { metric: 'quorum_reads_per_s', label: 'of all reads, answered by etcd, per second' },
  { metric: 'watch_per_s', label: 'WATCH per second' },
  { metric: 'list_per_s', label: 'LIST per second' },
  { metric: 'watch_recovery_max_s', label: 'after a restart: all watches back, s' },
  { metric: 'rejected_429', label: 'requests rejected (429)' },
  { metric: 'pod_start_mean_s', label: 'start of a pod, mean, s' },
];

interface Line {
  readonly label: string;
  readonly colour: string;
  readonly dash: string;
  readonly points: readonly Point[];
}

interface Point {
  readonly release: string;
  readonly scenario: ResultScenario;
}

/** How results change from release to release; null where fewer than three are compared. */
export function byRelease({ data }: Scenes): Figure | null {
  const { manifest, scenarios } = data;
  const lines = linesOf(scenarios, (scenario) => releasesText(releasesOf(manifest.spec, scenario.scenario.factors)));
  if (!manifest.factors.includes(RELEASE_FACTOR) || lines.every(({ points }) => points.length < RELEASES_MIN))
    return null;
  const drawn = lines.slice(0, LINES_MAX);
  const panels = PANELS.filter(({ metric }) =>
    drawn.some(({ points }) => points.some((point) => valueOf(point, metric) > 0)),
  );
  return {
    id: 'by-release',
    title: 'From release to release',
    lead:
      'Each line follows one scenario through the releases of Kubernetes: where it steps, a behaviour changed ' +
      '(which one: below, and secretsim releases). Whiskers: 95 % intervals.',
    legend: drawn,
    pictures: panels.map((panel) => picture(drawn, panel)),
    table: {
      columns: ['scenario', 'release', ...panels.map(({ metric }) => metric)],
      rows: lines.flatMap(({ label, points }) =>
        points.map((point) => [label, point.release, ...panels.map(({ metric }) => summaryOf(point, metric).mean)]),
      ),
    },
    files: ['summary.csv'],
    notes: [
      lines.length > drawn.length ? `${drawn.length} of ${lines.length} lines are drawn; all are in the table.` : null,
    ],
  };
}

function linesOf(
  scenarios: readonly ResultScenario[],
  releaseOf: (scenario: ResultScenario) => string,
): readonly Line[] {
  const others = ({ scenario }: ResultScenario): string =>
    Object.entries(scenario.factors)
      .filter(([path]) => path !== RELEASE_FACTOR)
      .map(([, value]) => String(value))
      .join(', ');
  return [...group(scenarios, others)].map(([label, own], index) => ({
    label: label === '' ? 'the cluster' : label,
    colour: `var(--series-${(index % LINES_MAX) + 1})`,
    dash: ['none', '7 3', '2 3', '9 3 2 3', '12 4', '4 2'][index % LINES_MAX],
    points: own.map((scenario) => ({ release: releaseOf(scenario), scenario })),
  }));
}

function summaryOf({ scenario }: Point, metric: MetricName): Summary {
  return scenario.metrics[metric];
}

function valueOf(point: Point, metric: MetricName): number {
  return summaryOf(point, metric).mean ?? 0;
}

function picture(lines: readonly Line[], { metric, label }: Panel): Html {
  const known = lines.map((line) => ({
    ...line,
    points: line.points.filter((point) => summaryOf(point, metric).mean !== null),
  }));
  const releases = [...new Set(known.flatMap(({ points }) => points.map(({ release }) => release)))];
  const y = (point: Point): number => valueOf(point, metric);
  const marks = known.flatMap(({ points, colour, dash, label: line }) => [
    Plot.ruleX(points, {
      x: 'release',
      y1: (point: Point) => summaryOf(point, metric).ci95Low ?? y(point),
      y2: (point: Point) => summaryOf(point, metric).ci95High ?? y(point),
      stroke: colour,
    }),
    Plot.line(points, { x: 'release', y, stroke: colour, strokeWidth: 2, strokeDasharray: dash }),
    Plot.dot(points, {
      x: 'release',
      y,
      fill: colour,
      r: 3,
      title: (point: Point) => titleOf(line, point, metric, label),
    }),
  ]);
  return drawPlot(
    {
      height: 190,
      marginLeft: 70,
      marginBottom: 36,
      x: { label: 'release', type: 'point', domain: releases.toSorted(byAge) },
      y: { label, grid: true, zero: true, nice: true, ticks: 4 },
      marks,
    },
    `${label} by release. ${known.map(({ label: line, points }) => `${line}: ${points.map((point) => `${point.release} ${y(point).toPrecision(3)}`).join(', ')}`).join('; ')}.`,
  );
}

function titleOf(line: string, point: Point, metric: MetricName, label: string): string {
  const { mean, ci95Low, ci95High } = summaryOf(point, metric);
  return hoverText(`${line}, ${point.release}`, [{ name: label, value: mean, low: ci95Low, high: ci95High, unit: '' }]);
}

function byAge(a: string, b: string): number {
  const ageOf = (text: string): number => RELEASES.findIndex((release) => release === text.split(' ')[0]);
  return ageOf(a) - ageOf(b);
}
