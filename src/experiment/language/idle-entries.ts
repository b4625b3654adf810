import { quotePath } from './quoting.js';
import type { ExperimentSpec } from './schema.js';
import type { TimelineEntry } from './timeline-schema.js';
import { durationUs, formatDuration } from './values/durations.js';
import { shareOf } from './values/percent.js';

/**
 * Entries of the timeline that are allowed and do nothing, as a sentence each: a slip of the unit, or of the share. A share
 * of 0% is none: factors switch entries off by it.
 */
export function idleEntries({ timeline, cluster, duration }: ExperimentSpec): string[] {
  const nodes = cluster.topology === undefined ? cluster.nodes : undefined;
  return timeline.flatMap((entry, index) => {
    const reason = tooLate(entry, durationUs(duration)) ?? nothingDrained(entry, nodes);
    return reason === undefined ? [] : [`${quotePath(['spec', 'timeline', index])}: ${reason}`];
  });
}

function tooLate({ rollout, at, from }: TimelineEntry, durationUsMax: number): string | undefined {
  if (rollout === undefined) return undefined;
  const beginsUs = durationUs(at ?? from ?? '0s') + durationUs(rollout.after);
  if (beginsUs < durationUsMax) return undefined;
  return `the rollout begins ${rollout.after} after its entry, which is not before the end of the measured period (${formatDuration(durationUsMax)})`;
}

/** `nodes` of the cluster; undefined: not known. */
function nothingDrained({ drain }: TimelineEntry, nodes: number | undefined): string | undefined {
  if (drain === undefined) return undefined;
  const share = typeof drain.nodes === 'string' ? shareOf(drain.nodes) : 1;
  if (share > 0 && nodes !== undefined && Math.round(share * nodes) < 1) {
    return `${drain.nodes} of ${nodes} nodes is less than one: none is drained`;
  }
  return shareOf(drain.maxUnavailable) === 0
    ? 'maxUnavailable 0% is a disruption budget that lets no pod go: the drain never ends'
    : undefined;
}
