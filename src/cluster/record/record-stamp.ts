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
  const stamp = new Stamp(fingerprint);
  for (const name of METRICS) if (!OF_SERVERS.test(name) && !CALCULATED.includes(name)) stamp.visit(metrics[name]);
  for (const update of updates) {
    for (const [field, value] of Object.entries(update)) if (!LEFT_OUT.includes(field)) stamp.visit(value);
  }
  // What lies between the quantiles follows from the same delays, and earlier versions did not tell of it.
  stamp.visit({ ...rest, delays: rest.delays.map(({ betweenS: _, ...told }) => told) });
}

/** Stamps numbers one after another: each counts with its place. */
class Stamp {
  private place = 0;

  constructor(private readonly fingerprint: Fingerprint) {}

  /** Stamps all numbers in a value. */
  visit(value: unknown): void {
    if (typeof value === 'number') this.number(value);
    else if (value instanceof Float64Array) this.column(value);
    else if (Array.isArray(value)) for (const each of value as readonly unknown[]) this.visit(each);
    else if (typeof value === 'object' && value !== null) for (const each of Object.values(value)) this.visit(each);
    else this.place++;
  }

  private column(values: Float64Array): void {
    for (let i = 0; i < values.length; i++) this.number(values[i]);
  }

  private number(value: number): void {
    if (value !== 0 && !Number.isNaN(value))
      this.fingerprint.add(Math.round(value * MILLIONTHS), REPORTED, this.place, 0);
    this.place++;
  }
}
