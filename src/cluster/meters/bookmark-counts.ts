import { SECOND_US } from '../../sim/units.js';

/**
 * Room for the bookmarks of a watch before and after the measured period, s: the longest life, 2 × minWatchTimeout of
 * 30 min, and two periods. Where lives were longer, what lies beyond would be counted more slowly.
 */
export const MARGIN_S = 3720;

/** When a watch gets bookmarks, s: one per period, and one before its deadline. */
export interface BookmarkSchedule {
  readonly frequencyS: number;
  readonly beforeDeadlineS: number;
}

/** Bookmarks that the servers send, by second: those of a watch's whole life are counted in constant time. */
export class BookmarkCounts {
  /** All that is counted, to be added to the counts of other nodes: the two below. */
  readonly counts: Int32Array;
  /** Per server and second, with a margin on either side, as differences with the period as their stride. */
  private readonly differences: Int32Array;
  /** Those of deadlines, per server and second of the measured period. */
  private readonly deadlines: Int32Array;

  constructor(
    private readonly servers: number,
    private readonly seconds: number,
    readonly schedule: BookmarkSchedule,
  ) {
    const differences = servers * (seconds + 2 * MARGIN_S);
    this.counts = new Int32Array(differences + servers * seconds);
    this.differences = this.counts.subarray(0, differences);
    this.deadlines = this.counts.subarray(differences);
  }

  /** Counts one bookmark. */
  one(server: number, at: number): void {
    this.run(server, at, at + 1);
  }

  /** Counts a bookmark each 60 s from `first` (inclusive) to `end` (exclusive), in constant time. */
  run(server: number, first: number, end: number): void {
    this.eachMinute(server, Math.floor(first / SECOND_US), Math.ceil(end / SECOND_US));
  }

  /** Counts the bookmarks of a watch that opens at `start` and lives `lifeS` seconds: one each 60 s, and one 2 s before its deadline. */
  ofLife(server: number, start: number, lifeS: number): void {
    const { seconds, schedule } = this;
    const opened = Math.floor(start / SECOND_US);
    const deadline = opened + lifeS - schedule.beforeDeadlineS;
    // A watch that is shorter is not open by then.
    if (deadline < 0 || lifeS <= schedule.beforeDeadlineS) return;
    // Of a watch that opens within a second, the bookmarks of the deadline's second come before the deadline.
    const end = start > opened * SECOND_US ? deadline + 1 : deadline;
    this.eachMinute(server, opened + schedule.frequencyS, end);
    if (deadline < seconds) this.deadlines[server * seconds + deadline]++;
  }

  /**
   * Counts what follows from watches that opened, where each lives for a period at least: its first bookmark comes a period
   * after it, and the deadline of the one before it, which closed `gapS` seconds before it, lies so long before that.
   * @param opened how many opened in each second, with the margin on either side
   */
  ofOpenings(server: number, opened: Int32Array, gapS: number): void {
    const { differences, deadlines, seconds, schedule } = this;
    const base = server * opened.length;
    for (let i = schedule.frequencyS; i < MARGIN_S + seconds; i++)
      differences[base + i] += opened[i - schedule.frequencyS];
    const later = MARGIN_S + gapS + schedule.beforeDeadlineS;
    for (let second = 0; second < seconds; second++) deadlines[server * seconds + second] += opened[second + later];
  }

  /** The bookmarks per server and second of the measured period, row-major. Once. */
  perSecond(): Int32Array {
    const { differences, seconds, servers } = this;
    const period = this.schedule.frequencyS;
    const counts = this.deadlines.slice();
    for (let server = 0; server < servers; server++) {
      const base = server * (seconds + 2 * MARGIN_S) + MARGIN_S;
      for (let s = period - MARGIN_S; s < seconds; s++) {
        differences[base + s] += differences[base + s - period];
        if (s >= 0) counts[server * seconds + s] += differences[base + s];
      }
    }
    return counts;
  }

  /** Counts a bookmark each 60 s from second `first` (inclusive) to second `end` (exclusive). */
  private eachMinute(server: number, first: number, end: number): void {
    const { differences, seconds } = this;
    const period = this.schedule.frequencyS;
    if (first >= end || end < -MARGIN_S) return;
    if (first < -MARGIN_S) first += period * Math.ceil((-MARGIN_S - first) / period);
    if (first >= seconds) return;
    // In whole numbers of 32 bits.
    const stop = (first + period * (((end - first + period - 1) / period) | 0)) | 0;
    const base = server * (seconds + 2 * MARGIN_S) + MARGIN_S;
    differences[base + first]++;
    if (stop < seconds + MARGIN_S) differences[base + stop]--;
  }
}
