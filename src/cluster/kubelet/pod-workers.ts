import { SECOND_US } from '../../sim/units.js';
import { BATCH_SIZE, type RandomBatch, type RenewalLaw } from '../../sim/random-batch.js';
import { TWO_POW_MINUS_32 } from '../../sim/random.js';
import { WordRun } from '../../sim/word-run.js';
import type { KubeletConfig } from '../model/model-input.js';
import type { Randomness } from '../model/randomness.js';
import type { Population } from '../population/population.js';
import type { World } from '../world/world.js';
import { syncIntervalRange } from './sync-intervals.js';

/** `backOffPeriod` and `workerBackOffPeriodJitterFactor` (`pkg/kubelet/pod_workers.go`): requeue after an error, U[10, 15) s. */
const BACK_OFF_PERIOD_US = 10 * SECOND_US;
const BACK_OFF_JITTER_FACTOR = 0.5;
/** Intervals of a pod that are drawn ahead, at the most. */
const MOST_EXPECTED = 1000;

/**
 * The pods' sync clocks (`pkg/kubelet/pod_workers.go` completeWork, `pkg/kubelet/util/queue/work_queue.go`).
 *
 * After each sync a pod is due again jit(syncFrequency, 0.5) = U[1, 1.5) × syncFrequency later; the
 * sync loop's 1 s ticker, one phase per kubelet, then starts all pods that are due. A clock is a pure
 * renewal sequence: interval number k of a pod is a function of the pod's name and k, so it can be
 * walked on demand (lazily) or event by event with the same result.
 */
export class PodWorkers {
  /** Start of the sync that the clock stands at, in µs: the one last begun, or the next. */
  readonly syncStart: Float64Array;
  /** Intervals drawn so far, by pod. */
  readonly index: Uint32Array;
  private readonly tickerPhase: Float64Array;
  private readonly ticker: number;
  private readonly base: number;
  private readonly span: number;
  /** From the start of a sync to its end. */
  readonly syncDuration: number;
  /** The intervals of the pod whose clock is walked. */
  private readonly intervals: WordRun;
  private readonly meanInterval: number;
  /** Starts of syncs that a clock was walked past, and the start that the last walk came to, µs. */
  private passed = new Float64Array(2 ** 6);
  private passedSeconds = new Int32Array(2 ** 6);
  private reached = 0;
  /** The intervals from the start of a sync to that of the next, where both are at ticks: before they are cut to whole seconds. */
  readonly inTicks: RenewalLaw;
  /** True where intervals are of whole seconds and µs, few enough for 32 bits. */
  readonly inSeconds: boolean;
  /** From the start of a sync to that of the next, at the least and at the most. */
  readonly shortestInterval: number;
  readonly longestInterval: number;

  constructor(
    readonly population: Population,
    kubelet: KubeletConfig,
    readonly random: Randomness,
    { memory, batch }: Pick<World, 'memory' | 'batch'>,
  ) {
    this.syncStart = memory.float64(population.podCount);
    this.index = memory.uint32(population.podCount);
    this.ticker = kubelet.syncTickerPeriodUs;
    this.base = kubelet.syncFrequencyUs;
    this.span = kubelet.syncFrequencyUs * kubelet.workerResyncIntervalJitterFactor;
    this.syncDuration = kubelet.syncPodDurationUs;
    this.intervals = new WordRun(random.resync, batch);
    this.meanInterval = this.base + this.span / 2 + this.syncDuration;
    const longest = this.base + this.span + this.syncDuration;
    this.inSeconds =
      this.ticker === SECOND_US && Number.isInteger(this.base + this.syncDuration) && longest < 2 ** 31 - SECOND_US;
    this.inTicks = {
      least: (this.syncDuration + this.base + SECOND_US - 1) | 0,
      scale: this.span * TWO_POW_MINUS_32,
    };
    this.shortestInterval = this.base + this.syncDuration;
    this.longestInterval = syncIntervalRange(kubelet, false).longest;
    this.tickerPhase = memory.float64(population.nodeCount);
    for (let node = 0; node < population.nodeCount; node++) {
      const u = random.tickerPhase.uniform(population.nodeNameHigh[node], population.nodeNameLow[node], 0);
      this.tickerPhase[node] = Math.floor(u * this.ticker);
    }
  }

  /** How far into a second the ticks of the node's sync loop are, µs; Infinity where they are not the same in each. */
  ticksInSeconds(node: number): number {
    return this.ticker === SECOND_US ? this.tickerPhase[node] : Infinity;
  }

  /** The first tick of the node's sync loop at or after `time`; `time` itself where the ticker is off. */
  tickAtOrAfter(node: number, time: number): number {
    if (this.ticker === 0) return time;
    const phase = this.tickerPhase[node];
    return phase + Math.ceil((time - phase) / this.ticker) * this.ticker;
  }

  /** Draws the pod's next interval: the start of the sync that follows one that ended at `end`. */
  following(pod: number, end: number): number {
    const u = this.random.resync.uniform(
      this.population.podNameHigh[pod],
      this.population.podNameLow[pod],
      this.index[pod]++,
    );
    return this.tickAtOrAfter(this.population.podNode[pod], end + this.base + Math.floor(u * this.span));
  }

  /** Walks a pod's clock to the first sync that starts at or after `time`, µs, where nothing else moves it. */
  walkTo(pod: number, time: number): void {
    if (this.syncStart[pod] >= time) return;
    const most = this.syncsUntil(pod, time) + 1;
    if (this.passed.length < most) {
      this.passed = new Float64Array(2 * most);
      this.passedSeconds = new Int32Array(2 * most);
    }
    this.index[pod] += this.writeStarts(pod, time, this.passed, this.passedSeconds, 0);
    this.syncStart[pod] = this.reached;
  }

  /**
   * Writes the starts of a pod's syncs before `until` from where its clock stands on, µs, where nothing else moves it,
   * to `starts` from `place` on, and the seconds that they are in; returns the place behind them, and leaves the next
   * start in `reached`. The clock stays where it is. Both have room for them (`syncsUntil`).
   */
  writeStarts(pod: number, until: number, starts: Float64Array, seconds: Int32Array, place: number): number {
    const { base, span, syncDuration, ticker, intervals } = this;
    const scale = span * TWO_POW_MINUS_32;
    const least = syncDuration + base;
    const roundedUp = this.inTicks.least;
    let start = this.syncStart[pod];
    let next = place;
    if (start < until) this.drawIntervals(pod, until);
    // From a tick on, a whole number of ticks follows: what is late is so once only.
    let late = ticker === 0 ? 0 : this.behindTick(pod, start);
    while (start < until) {
      const { words, end } = intervals;
      let at = intervals.at;
      if (this.inSeconds && late === 0) {
        let second = Math.floor(start / SECOND_US) | 0;
        for (; at < end && start < until; at++) {
          starts[next] = start;
          seconds[next++] = second;
          // Rounded up, in whole numbers of 32 bits.
          const ticks = ((roundedUp + (((words[at] >>> 0) * scale) | 0)) / SECOND_US) | 0;
          start += ticks * SECOND_US;
          second = (second + ticks) | 0;
        }
      } else {
        starts[next] = start;
        seconds[next++] = Math.floor(start / SECOND_US);
        const interval = least + Math.floor((words[at++] >>> 0) * scale);
        start += ticker === 0 ? interval : Math.ceil((late + interval) / ticker) * ticker - late;
        late = 0;
      }
      intervals.at = at;
      if (at === end) intervals.more();
    }
    this.reached = start;
    return next;
  }

  /**
   * Walks the clocks of the first `count` pods of a batch, all of one node, to their first syncs that start at or after
   * `time`, µs, as `walkTo` does, but at once.
   */
  walkAll(batch: RandomBatch, count: number, time: number): void {
    const { entities, high, low, index, seconds } = batch;
    const { podNameHigh, podNameLow, podNode } = this.population;
    const phase = this.tickerPhase[podNode[entities[0]]];
    let together = 0;
    for (let i = 0; i < count; i++) {
      const pod = entities[i];
      const second = (this.syncStart[pod] - phase) / SECOND_US;
      if (!this.inSeconds || second !== (second | 0)) {
        this.walkTo(pod, time);
        continue;
      }
      high[together] = podNameHigh[pod];
      low[together] = podNameLow[pod];
      index[together] = this.index[pod];
      seconds[together] = second;
      entities[together++] = pod;
    }
    const walked = batch.renew(this.random.resync, together, this.inTicks, Math.ceil((time - phase) / SECOND_US));
    for (let i = 0; i < together; i++) {
      const pod = entities[i];
      if (!walked) this.walkTo(pod, time);
      else {
        this.index[pod] = index[i];
        this.syncStart[pod] = phase + seconds[i] * SECOND_US;
      }
    }
  }

  /** Draws a pod's intervals from where its clock stands on, as many as there may be before a time. */
  private drawIntervals(pod: number, until: number): void {
    const { podNameHigh, podNameLow } = this.population;
    const expected = (until - this.syncStart[pod]) / this.meanInterval;
    this.intervals.begin(podNameHigh[pod], podNameLow[pod], this.index[pod], Math.min(MOST_EXPECTED, expected) + 1);
  }

  /** How long after a tick of its node's sync loop a time is, µs. */
  private behindTick(pod: number, time: number): number {
    const { ticker } = this;
    const sinceFirst = time - this.tickerPhase[this.population.podNode[pod]];
    return sinceFirst - Math.floor(sinceFirst / ticker) * ticker;
  }

  /** How many syncs of a pod there are before `until` at the most, from where its clock stands on. */
  syncsUntil(pod: number, until: number): number {
    return Math.max(0, Math.ceil((until - this.syncStart[pod]) / this.shortestInterval)) + 1;
  }

  /** Start of the sync after one that failed at `time`; `attempt` numbers the pod's failures. */
  afterError(pod: number, time: number, attempt: number): number {
    const u = this.random.podStart.uniform(
      this.population.podNameHigh[pod],
      this.population.podNameLow[pod],
      2 + attempt,
    );
    const delay = Math.floor(BACK_OFF_PERIOD_US * (1 + BACK_OFF_JITTER_FACTOR * u));
    return this.tickAtOrAfter(this.population.podNode[pod], time + delay);
  }

  /**
   * Sets the clocks of pods of one node, from `first` to `last` (exclusive), to their first syncs at or after `time`, where
   * they have been syncing for ever (residual life of the interval law). The interval that covers `time` is length-biased,
   * drawn by rejection; `time` is uniform within it, on the lattice of ticks where there is a ticker. Exact for any
   * parameters.
   */
  startStationary(batch: RandomBatch, first: number, last: number, time: number): void {
    for (let from = first; from < last; from += BATCH_SIZE) {
      const to = Math.min(last, from + BATCH_SIZE);
      if (this.drawResiduals(batch, from, to, time)) continue;
      this.drawCovering(batch, from, to);
      this.placeIn(batch, from, to, time);
    }
  }

  /** Does that with up to `BATCH_SIZE` pods at once, where intervals are of whole seconds and the host allows it; else false. */
  private drawResiduals(batch: RandomBatch, first: number, last: number, time: number): boolean {
    const { syncStart, inTicks } = this;
    if (!this.inSeconds) return false;
    this.choosePods(batch, first, last);
    const longest = this.roundUp(this.syncDuration + this.base + this.span);
    if (!batch.drawResiduals(this.random.residual, last - first, inTicks, longest)) return false;
    const tick = this.tickAtOrAfter(this.population.podNode[first], time);
    for (let i = 0; i < last - first; i++) syncStart[first + i] = tick + batch.seconds[i] * SECOND_US;
    return true;
  }

  /** Draws the lengths of the intervals that cover some time, by pod, into `syncStart`. */
  private drawCovering(batch: RandomBatch, first: number, last: number): void {
    const { syncStart, base, span, syncDuration } = this;
    const { entities, high, low, index } = batch;
    const longest = this.roundUp(syncDuration + base + span);
    this.choosePods(batch, first, last);
    let open = last - first;
    for (let attempt = 1; open > 0; attempt++) {
      index.fill(attempt, 0, open);
      batch.draw(this.random.residual, open);
      let rejected = 0;
      for (let i = 0; i < open; i++) {
        const length = this.roundUp(syncDuration + base + Math.floor(batch.uniform(2 * i) * span));
        if (batch.uniform(2 * i + 1) * longest < length) {
          syncStart[entities[i]] = length;
          continue;
        }
        high[rejected] = high[i];
        low[rejected] = low[i];
        entities[rejected++] = entities[i];
      }
      open = rejected;
    }
  }

  /** Draws where in the intervals that cover it, whose lengths are in `syncStart`, a time is: sets clocks to the ends. */
  private placeIn(batch: RandomBatch, first: number, last: number, time: number): void {
    const { syncStart, ticker } = this;
    this.choosePods(batch, first, last);
    batch.index.fill(0, 0, last - first);
    batch.draw(this.random.residual, last - first);
    const tick = this.tickAtOrAfter(this.population.podNode[first], time);
    for (let i = 0; i < last - first; i++) {
      const length = syncStart[first + i];
      const u = batch.uniform(2 * i);
      syncStart[first + i] =
        ticker === 0 ? time + Math.ceil(u * length) : tick + Math.floor(u * (length / ticker)) * ticker;
    }
  }

  /** Makes pods from `first` to `last` (exclusive) the entities of a batch. */
  private choosePods({ entities, high, low }: RandomBatch, first: number, last: number): void {
    const { podNameHigh, podNameLow } = this.population;
    for (let i = 0; i < last - first; i++) {
      entities[i] = first + i;
      high[i] = podNameHigh[first + i];
      low[i] = podNameLow[first + i];
    }
  }

  private roundUp(interval: number): number {
    return this.ticker === 0 ? interval : Math.ceil(interval / this.ticker) * this.ticker;
  }
}
