import type { Fingerprint } from '../../sim/fingerprint.js';
import { type MetricName, METRICS, type RunRecord } from '../model/run-record.js';

/** Kind of effect in the fingerprint. */
const REPORTED = 3;
/** Times are reported in seconds, and exact to the microsecond. */
const MILLIONTHS = 1e6;

/** Fields of an update that are there only where they are asked for, or follow from the input alone. */
const LEFT_OUT = ['late', 'pipelineS', 'boundS', 'neverLone'];
/** Metrics that follow from the input alone. */
const CALCULATED: readonly MetricName[] = ['last_pod_bound_s'];

/**
 * Metrics of single servers, worked out of the same counts as the others: left out, so that fingerprints can be compared
 * with those of versions that did not tell of them.
 */
const OF_SERVERS = /^apiserver_(memory_(max|peak)|cpu_(max|peak)|oom)_|^apiservers_/;

/** What every run reports. */
type Reported = Pick<
  RunRecord,
  'metrics' | 'updates' | 'delays' | 'never' | 'load' | 'storms' | 'reads' | 'requests' | 'traffic'
>;

/**
 * Adds every number that a run reports to its fingerprint, so that two runs that agree in it report the same. What is
 * only worked out where it is asked for (thresholds, a pipeline) follows from the rest, and bounds from the input; both
 * are left out: they change nothing of the run.
 */
export function stampReport({ metrics, updates, ...rest }: Reported, fingerprint: Fingerprint): void {
  let place = 0;
  const stamp = (value: number): void => {
    if (value !== 0 && !Number.isNaN(value)) fingerprint.add(Math.round(value * MILLIONTHS), REPORTED, place, 0);
    place++;
  };
  const visit = (value: unknown): void => {
    if (typeof value === 'number') stamp(value);
    else if (value instanceof Float64Array) value.forEach(stamp);
    else if (Array.isArray(value)) value.forEach(visit);
    else if (typeof value === 'object' && value !== null) Object.values(value).forEach(visit);
    else place++;
  };
  for (const name of METRICS) if (!OF_SERVERS.test(name) && !CALCULATED.includes(name)) visit(metrics[name]);
  for (const update of updates) {
    for (const [field, value] of Object.entries(update)) if (!LEFT_OUT.includes(field)) visit(value);
  }
  // What lies between the quantiles follows from the same delays, and earlier versions did not tell of it.
  visit({ ...rest, delays: rest.delays.map(({ betweenS: _, ...told }) => told) });
}
