import { bisectRight, group as groupBy } from 'd3-array';
import type { Group, Laboratory } from './laboratory.js';
import type { CsvRow } from './measured-folder.js';

/** Fewer pods tell no law. */
const PODS_MIN = 50;
/** Steps of the self-consistency algorithm: so many change nothing any more. */
const STEPS = 200;

/** A duration that is known to lie in (after, until], s; until 0: it is none. */
export interface Interval {
  readonly after: number;
  readonly until: number;
}

/**
 * How long after a kubelet's first request about a new pod the server's node authorizer knows the pod, ascending, s; 0: it
 * does by then. Under Watch a kubelet asks as soon as it registers a pod, and each request for the pod's own Secret looks:
 * 403, not yet; answered, it does. A property of the laboratory, where kubelets and server are processes of one machine.
 * It is read from the pods of the other groups under Watch, so that a group's refusals are not held against themselves.
 * @param until the start of the pods ends, s
 * @returns quantiles, as many as there are pods; undefined where there are too few
 */
export function authorizerLag(
  { groups, tables }: Laboratory,
  { group, configMapAndSecretChangeDetectionStrategy: strategy }: Group,
  until: number,
): readonly number[] | undefined {
  // Others ask when a pod's volumes are mounted, later than these laws reach.
  if (strategy !== 'Watch') return undefined;
  const others = new Set(
    groups
      .filter((each) => each.group !== group && each.configMapAndSecretChangeDetectionStrategy === 'Watch')
      .map((each) => each.group),
  );
  const open = tables.optionalRows('open-watches').map((row): CsvRow => ({ ...row, status: '200' }));
  const looks = [...tables.rows('requests'), ...open].filter(
    ({ group: of, object, received_at_s }) =>
      others.has(of) && object.startsWith('own-') && Number(received_at_s) < until,
  );
  const pods = [...groupBy(looks, ({ object }) => object).values()].map(intervalOf);
  if (pods.length < PODS_MIN) return undefined;
  const law = turnbull(pods);
  return pods.map((_, i) => law((i + 0.5) / pods.length));
}

/** Between the last refusal and the first answer. */
function intervalOf(looks: readonly CsvRow[]): Interval {
  const at = ({ received_at_s }: CsvRow): number => Number(received_at_s);
  const first = Math.min(...looks.map(at));
  const refused = looks.filter(({ status }) => status === '403').map(at);
  const after = Math.max(first, ...refused);
  if (refused.length === 0) return { after: -Infinity, until: 0 };
  const answered = Math.min(...looks.filter((row) => row.status === '200' && at(row) >= after).map(at));
  return { after: after - first, until: answered - first };
}

/**
 * The most likely law of durations that are only known to lie in intervals (Turnbull, Journal of the Royal Statistical
 * Society B 38, 1976): probabilities of the intervals' ends, made consistent with each other step by step.
 * @returns its quantile function
 */
export function turnbull(intervals: readonly Interval[]): (level: number) => number {
  const ends = [...new Set(intervals.map(({ until }) => until))].sort((a, b) => a - b);
  // Ends that lie in each interval: from the first to the one before the last index.
  const within = intervals.map(({ after, until }) => [bisectRight(ends, after), bisectRight(ends, until)] as const);
  let share = ends.map(() => 1 / ends.length);
  for (let step = 0; step < STEPS; step++) {
    const next = ends.map(() => 0);
    for (const [from, to] of within) {
      let all = 0;
      for (let k = from; k < to; k++) all += share[k];
      for (let k = from; k < to; k++) next[k] += share[k] / all / intervals.length;
    }
    share = next;
  }
  return (level) => {
    let below = 0;
    return ends[share.findIndex((p) => (below += p) >= level)] ?? ends[ends.length - 1];
  };
}
