import type { MetricName } from '../../cluster/model/run-record.js';
import { compact } from '../compact-numbers.js';
import type { Scenes } from './scenes.js';

/** Loads that differ by less than this factor are the same to a planner. */
const DIFFERENT = 1.1;

/** How the load of the API servers differs between scenarios, where it does: `from 0 (Cache) to 1,064 watches open (Watch)`. */
export function loadRanges({ data, labelOf }: Scenes): readonly string[] {
  const range = (metric: MetricName, what: string): string | null => {
    const known = data.scenarios.flatMap((scenario) => {
      const { mean } = scenario.metrics[metric];
      return mean === null ? [] : [{ mean, label: labelOf(scenario) }];
    });
    const sorted = known.toSorted((a, b) => a.mean - b.mean);
    const [least, most] = [sorted.at(0), sorted.at(-1)];
    if (least === undefined || most === undefined || most.mean <= DIFFERENT * least.mean) return null;
    if (compact(most.mean) === compact(0)) return null;
    return `from ${compact(least.mean)} (${least.label}) to ${compact(most.mean)} ${what} (${most.label})`;
  };
  return [
    range('watches_open_mean', 'watches open'),
    range('get_per_s', 'GETs a second'),
    range('apiserver_cpu_cores', 'cores'),
  ].filter((text) => text !== null);
}
