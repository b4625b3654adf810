import { group, pairs } from 'd3-array';
import type { MetricName } from '../../cluster/model/run-record.js';
import { releasesText } from '../../releases/behaviour-differences.js';
import { compactMetric } from '../compact-numbers.js';
import type { ResultScenario } from '../read/result-data.js';
import { releasesOf } from '../scenario-releases.js';
import type { Scenes } from './scenes.js';

/** A change of less than this part is none to a planner. */
const CHANGED = 0.1;

/** What is looked at, and the statistic that is told of it. */
const WATCHED: readonly { readonly metric: MetricName; readonly label: string; readonly unit: string }[] = [
  { metric: 'last_pod_bound_s', label: 'every pod (bound)', unit: ' s' },
  { metric: 'last_pod_max_s', label: 'last pod', unit: ' s' },
  { metric: 'watch_recovery_max_s', label: 'all watches back', unit: ' s' },
  { metric: 'get_per_s', label: 'GETs a second', unit: '' },
  { metric: 'quorum_reads_per_s', label: 'reads a second from etcd', unit: '' },
  { metric: 'watch_per_s', label: 'WATCH requests a second', unit: '' },
  { metric: 'apiserver_cpu_cores', label: 'CPU', unit: ' cores' },
];

/** What changes from one release to the next. */
export interface ReleaseStep {
  /** `1.28 → 1.34` */
  readonly title: string;
  /** `Cache: last pod 87.8 → 196 s`; none where nothing does by a tenth. */
  readonly changes: readonly string[];
}

/** What each step between the releases of the scenarios changes of delay and load by a tenth or more, means over the replications. */
export function releaseSteps({ data }: Scenes): readonly ReleaseStep[] {
  const { manifest, scenarios } = data;
  const releaseOf = ({ scenario }: ResultScenario): string => releasesText(releasesOf(manifest.spec, scenario.factors));
  const lines = [...group(scenarios, othersOf)].filter(([, own]) => own.length > 1);
  const steps = lines.flatMap(([label, own]) =>
    pairs(own).map(([from, to]) => ({
      title: `${releaseOf(from)} → ${releaseOf(to)}`,
      changes: changesOf(from, to).map((text) => (lines.length === 1 ? text : `${label}: ${text}`)),
    })),
  );
  const same = [...group(steps, ({ title }) => title)];
  return same.length === 0 || new Set(scenarios.map(releaseOf)).size < 2
    ? []
    : same.map(([title, some]) => ({ title, changes: some.flatMap(({ changes }) => changes) }));
}

/** The values of the other factors, by which scenarios are compared. */
function othersOf({ scenario }: ResultScenario): string {
  return Object.entries(scenario.factors)
    .filter(([path]) => !/\bkube(rnetes|let)Version\b/.test(path))
    .map(([, value]) => String(value))
    .join(', ');
}

function changesOf(from: ResultScenario, to: ResultScenario): readonly string[] {
  const changed = WATCHED.flatMap(({ metric, label, unit }) => {
    const [before, after] = [from.metrics[metric].mean, to.metrics[metric].mean];
    if (before === null || after === null) return [];
    if (Math.abs(after - before) <= CHANGED * Math.min(Math.abs(before), Math.abs(after))) return [];
    const [a, b] = [compactMetric(metric, before), compactMetric(metric, after)];
    return a === b ? [] : [`${label} ${a} → ${b}${unit}`];
  });
  return changed.length === 0 ? [] : [changed.join(', ')];
}
