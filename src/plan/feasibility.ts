import { clopperPearson } from '../experiment/statistics/shares.js';
import { isMetIn } from '../experiment/language/slo-judgement.js';
import type { Slo } from '../experiment/language/values/slo.js';
import { wantsLess } from '../experiment/language/values/statistic.js';
import { type Candidate, CONFIDENCE, slack } from './candidate.js';

/**
 * Whether a candidate may still meet an SLO with more replications: a mean by its interval, at 99 %; the worst of them,
 * as long as none misses; quantiles and shares by the exact interval of the share of replications that meet it.
 * @param spread standard deviation of one replication of the SLO's metric
 */
export function mayMeet(candidate: Candidate, slo: Slo, spread: number): boolean {
  const { over, operator, metric } = slo;
  const upper = wantsLess(operator);
  const values = candidate.values(metric);
  if (over.kind !== 'share' && values === null) return false;
  switch (over.kind) {
    case 'mean':
      return candidate.excess(slo) <= slack(values ?? [], spread);
    case 'worst':
      return candidate.judge(slo).passed;
    case 'max':
      return !upper || candidate.judge(slo).passed;
    case 'min':
      return upper || candidate.judge(slo).passed;
    case 'quantile':
      return mostMet(candidate, slo) >= (upper ? over.p : 1 - over.p);
    case 'share':
      return mostMet(candidate, slo) >= (upper ? 1 - slo.limit : slo.limit);
  }
}

/** The largest share of replications, at 99 %, that may meet an SLO by themselves. */
function mostMet({ runs }: Candidate, slo: Slo): number {
  const met = runs.filter((run) => isMetIn(slo, run[slo.metric] ?? null)).length;
  return clopperPearson(met, runs.length, CONFIDENCE).high;
}
