import { SECOND_US } from '../../sim/units.js';
import { occurrenceCount } from '../../cluster/model/occurrences.js';
import { recurrence } from './compile-timeline.js';
import type { TimelineEntry } from './timeline-schema.js';
import { durationUs, formatDuration } from './values/durations.js';
import { shareOf } from './values/percent.js';
import { ratePerS } from './values/rates.js';

/** Nodes that one occurrence of a drain has cordoned together, and when. */
interface Cordon {
  readonly index: number;
  readonly nodes: number;
  readonly fromUs: number;
  readonly untilUs: number;
}

/** An entry of a timeline after which nobody would take pods. */
export interface DrainProblem {
  readonly index: number;
  readonly message: string;
}

/**
 * Some node has to be there that takes the pods of those that are drained; the first entry after which none would be,
 * on its own or with the drains before it. Jitter, and nodes that come or go, are left out.
 */
export function drainProblem(
  timeline: readonly TimelineEntry[],
  nodes: number,
  durationUsMax: number,
): DrainProblem | null {
  const cordons = timeline.flatMap((entry, index) => cordonsOf(entry, index, nodes, durationUsMax));
  const alone = cordons.find((each) => each.nodes >= nodes);
  if (alone !== undefined) return { index: alone.index, message: refusal(`all ${nodes} nodes would`) };
  // Nodes that take pods again come first at one instant, with a negative number.
  const steps = cordons
    .flatMap((each) => [
      { ...each, atUs: each.fromUs },
      { ...each, atUs: each.untilUs, nodes: -each.nodes },
    ])
    .sort((a, b) => a.atUs - b.atUs || a.nodes - b.nodes);
  let cordoned = 0;
  for (const { index, nodes: more, atUs } of steps) {
    cordoned += more;
    if (more <= 0 || cordoned < nodes - ROUNDING) continue;
    return {
      index,
      message: refusal(`with the drains before it, all ${nodes} nodes would at ${formatDuration(atUs)}`),
    };
  }
  return null;
}

/** Rates give fractions of nodes, whose sums and differences are not exact. */
const ROUNDING = 1e-6;

function refusal(what: string): string {
  return `${what} be cordoned at once, and nobody takes their pods: drain fewer, add a rate, or let nodes take pods earlier (cordoned)`;
}

/** As many occurrences as there are nodes: more of them cannot be open before these have cordoned all. */
function cordonsOf(entry: TimelineEntry, index: number, nodes: number, durationUsMax: number): Cordon[] {
  const { drain } = entry;
  if (drain === undefined) return [];
  const drained = typeof drain.nodes === 'number' ? drain.nodes : Math.round(shareOf(drain.nodes) * nodes);
  const cordonedUs = durationUs(drain.cordoned);
  const rate = drain.rate === undefined ? Infinity : ratePerS(drain.rate);
  const together = rate === Infinity ? drained : Math.min(drained, (rate * cordonedUs) / SECOND_US);
  const lastsUs = rate === Infinity ? 0 : ((drained - 1) / rate) * SECOND_US;
  const { firstUs, everyUs, ...rest } = recurrence(entry, durationUsMax);
  const times = Math.min(occurrenceCount({ firstUs, everyUs, ...rest }, durationUsMax), nodes);
  return Array.from({ length: times }, (_, i) => {
    const fromUs = firstUs + i * (everyUs ?? 0);
    return { index, nodes: together, fromUs, untilUs: fromUs + lastsUs + cordonedUs };
  });
}
