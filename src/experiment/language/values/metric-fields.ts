import { parsedText } from './fields.js';
import { parseStatistic, MEAN } from './statistic.js';
import { parseSlo } from './slo.js';

const STATISTIC = String.raw`(\w+|\w[\w.]*\s*\([^()]*\))`;

/** A service level objective. */
export function sloField() {
  const pattern = String.raw`^\s*${STATISTIC}\s*(<|<=|>|>=)\s*\S.*$`;
  return parsedText('an SLO', 'delay_p99_s < 90s', pattern, (text) => {
    const slo = parseSlo(text);
    return slo.ok ? undefined : slo.reason;
  });
}

/** A metric column of `runs.csv`, or a function of one over the replications. */
export function statisticField({ description }: { readonly description: string }) {
  return parsedText('a metric', 'delay_p99_s', `^${STATISTIC}$`, (text) => {
    const statistic = parseStatistic(text, () => MEAN);
    return statistic.ok ? undefined : statistic.reason;
  }).meta({ description });
}
