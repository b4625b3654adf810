import { SECOND_US } from '../../../sim/units.js';
import type { RunInput } from '../../model/model-input.js';
import { READS, type Population } from '../../population/population.js';
import type { Latencies } from '../../world/latencies.js';
import type { World } from '../../world/world.js';
import type { NodeClocks } from '../node-clocks.js';

/** Tells under the strategy Get whether the limiter of a node's kubelet has any effect on the GETs of its pods' syncs. */
export class IdleLimiter {
  /** The first second that is looked at. */
  readonly from: number;
  /** True where the syncs of the node that was looked at last are counted by second, from `from` on, in its clocks. */
  syncsCounted = false;
  private readonly population: Population;
  private readonly input: RunInput;
  private readonly latencies: Latencies;
  /** GETs of the node's syncs by second, from `from` on. */
  private gets = new Uint32Array(0);

  constructor(
    { population, input, latencies }: World,
    private readonly clocks: NodeClocks,
  ) {
    this.population = population;
    this.input = input;
    this.latencies = latencies;
    // A read behind the warm-up may be that of a sync before its end.
    this.from = Math.floor((-input.warmupUs - clocks.longestWait) / SECOND_US);
  }

  /**
   * True where the limiter never holds a GET back, of syncs up to `horizon`: a token bucket that is looked at once a second
   * stays above what it may be off by, a second's tokens and a second's GETs, where all GETs of a sync leave within a
   * second of its start.
   */
  isIdle(firstPod: number, lastPod: number, horizon: number): boolean {
    const { from, clocks, latencies } = this;
    const seconds = Math.ceil(horizon / SECOND_US) - from + 2;
    let largest = 0;
    for (let pod = firstPod; pod < lastPod; pod++) largest = Math.max(largest, this.getsPerSync(pod));
    if (clocks.longestWait + largest * latencies.knownLatency > SECOND_US) return false;
    const syncs = clocks.countSyncs(from, seconds);
    this.syncsCounted = !Number.isNaN(syncs);
    return this.isEnoughFor(syncs * largest) || this.isIdleInEach(firstPod, lastPod, horizon, seconds);
  }

  /** True where so many GETs in every second, at the most, find their tokens: none are missing behind one, so that two seconds' GETs are the most there is. */
  private isEnoughFor(most: number): boolean {
    const { kubeAPIQPS, kubeAPIBurst } = this.input.kubelet;
    return most <= kubeAPIQPS && 2 * most + kubeAPIQPS <= kubeAPIBurst - 1;
  }

  private isIdleInEach(firstPod: number, lastPod: number, horizon: number, seconds: number): boolean {
    const { kubeAPIQPS, kubeAPIBurst } = this.input.kubelet;
    if (this.isEnoughFor(this.countGets(firstPod, lastPod, horizon, seconds))) return true;
    let used = 0;
    let before = 0;
    for (let second = 0; second < seconds; second++) {
      const now = this.gets[second];
      used = Math.max(0, used - kubeAPIQPS) + now;
      if (used + before + kubeAPIQPS > kubeAPIBurst - 1) return false;
      before = now;
    }
    return true;
  }

  /** Counts the GETs of each of so many seconds; returns the most of them. */
  private countGets(firstPod: number, lastPod: number, horizon: number, length: number): number {
    const { from, clocks } = this;
    const { seconds } = clocks;
    if (this.gets.length < length) this.gets = new Uint32Array(length);
    const { gets } = this;
    gets.fill(0);
    let most = 0;
    for (let pod = firstPod; pod < lastPod; pod++) {
      const perSync = this.getsPerSync(pod);
      const end = clocks.placeFrom(pod, clocks.beginOf(pod), horizon);
      let place = clocks.beginOf(pod);
      while (seconds[place] < from) place++;
      for (; place < end; place++) most = Math.max(most, (gets[seconds[place] - from] += perSync));
    }
    return most;
  }

  private getsPerSync(pod: number): number {
    const { podConsumerStart, consumerFlags } = this.population;
    let gets = 0;
    for (let c = podConsumerStart[pod]; c < podConsumerStart[pod + 1]; c++) if (consumerFlags[c] & READS) gets++;
    return gets;
  }
}
