import type { Latencies } from '../../world/latencies.js';
import type { Etcd } from '../../etcd/etcd.js';
import { FoundGets } from './found-gets.js';
import { IdleLimiter } from './idle-limiter.js';
import type { Lookahead, LookaheadParts } from './lookahead.js';
import type { RunInput } from '../../model/model-input.js';
import type { NodeClocks } from '../node-clocks.js';
import type { RandomBatch } from '../../../sim/random-batch.js';
import { isAlone, isPlain, isUndisturbed } from '../../population/plain-pods.js';
import { KindSums } from '../../meters/kind-sums.js';
import type { ReadTally } from '../../meters/read-tally.js';
import { HEAD, READS, type Population } from '../../population/population.js';

/** Kind of read of pods whose GETs do not all leave at one instant. */
const ONE_BY_ONE = -1;

/**
 * Reads of the strategy Get that are known before to find what the files show: each is a GET per source that is only
 * counted. That needs a node whose pods' clocks run undisturbed, whose kubelet's limiter never holds a GET back, so
 * that the order of its pods' reads does not matter, and GETs that are answered before their pod's next sync, which
 * leaves out a volume that still waits.
 */
export class GetLookahead implements Lookahead {
  /** 1 for pods whose reads are counted. */
  private readonly counted: Uint8Array;
  /** What a read of each pod is to the tally. */
  private readonly kind: Int32Array;
  /** 1 for nodes whose reads are carried out when what they find is committed, so that none is an event. */
  private readonly ahead: Uint8Array;
  private readonly foundGets: FoundGets;
  private horizon = Infinity;
  /** The first sync of each pod, by its place in the clocks, whose read is not accounted for yet. */
  private readonly next: Int32Array;
  private readonly undisturbed: boolean;
  private readonly limiter: IdleLimiter;
  private readonly sums: KindSums;
  private readonly batch: RandomBatch;

  private readonly population: Population;
  private readonly input: RunInput;
  private readonly etcd: Etcd;
  private readonly latencies: Latencies;
  private readonly tally: ReadTally;
  private readonly clocks: NodeClocks;
  private readonly shown: Int32Array;

  constructor(parts: LookaheadParts) {
    const { world, clocks, shown } = parts;
    const { population, input } = world;
    this.foundGets = new FoundGets(parts);
    this.limiter = new IdleLimiter(world, clocks);
    this.batch = world.batch;
    this.sums = new KindSums(world.batch, world.tally);
    this.population = population;
    this.input = input;
    this.etcd = world.etcd;
    this.latencies = world.latencies;
    this.tally = world.tally;
    this.clocks = clocks;
    this.shown = shown;
    this.counted = world.memory.uint8(population.podCount);
    this.kind = world.memory.int32(population.podCount);
    this.next = world.memory.int32(population.podCount);
    this.ahead = world.memory.uint8(population.nodeCount);
    this.undisturbed = isUndisturbed(input.timeline);
  }

  inspect(node: number, horizon: number): void {
    const { nodePodStart } = this.population;
    const first = nodePodStart[node];
    const last = nodePodStart[node + 1];
    if (!this.undisturbed || !this.areAnsweredInTime()) return;
    for (let pod = first; pod < last; pod++) if (!isPlain(this.population, pod)) return;
    this.clocks.walk(node, first, last, horizon);
    if (!this.limiter.isIdle(first, last, horizon)) return;
    let alone = true;
    let alike = true;
    for (let pod = first; pod < last; pod++) {
      this.kind[pod] = this.kindOf(pod, first);
      alone &&= this.kind[pod] !== ONE_BY_ONE;
      alike &&= this.kind[pod] === this.kind[first];
      if (!this.waitsForNoDraw(pod)) continue;
      this.counted[pod] = 1;
      this.next[pod] = this.clocks.beginOf(pod);
    }
    this.ahead[node] = alone ? 1 : 0;
    this.horizon = horizon;
    if (alone && alike && first < last) this.countTogether(node, first, last);
  }

  /** Counts all reads of a node whose pods read alike, where it is told by second how many there are. */
  private countTogether(node: number, first: number, last: number): void {
    const { clocks, limiter, tally, batch } = this;
    const kind = this.kind[first];
    if (!limiter.syncsCounted || !clocks.readsInItsSecond) return;
    const place = this.sums.placeOf(kind, this.latencies.serverOf[node]);
    if (place < 0) return;
    batch.addCounts(-limiter.from, tally.seconds, place);
    for (let pod = first; pod < last; pod++) this.next[pod] = clocks.endOf(pod);
  }

  settle(): void {
    this.sums.settle();
  }

  walks(pod: number): boolean {
    return this.counted[pod] === 1;
  }

  mattersFrom(pod: number, now: number): number {
    const { etcd, latencies, shown } = this;
    const { podConsumerStart, consumerFlags, consumerObject, podNode } = this.population;
    let first = Infinity;
    if (this.ahead[podNode[pod]] === 1) return first;
    for (let c = podConsumerStart[pod]; c < podConsumerStart[pod + 1]; c++) {
      const object = consumerObject[c];
      if ((consumerFlags[c] & READS) === 0 || etcd.newest[object] < 0) continue;
      const revision = etcd.revisionAt(object, now);
      if (etcd.contentAt(object, revision) !== shown[c]) return -Infinity;
      const next = etcd.following(object, revision);
      if (next >= 0) first = Math.min(first, etcd.committedAt[next] - latencies.longestQuorumGet);
    }
    return first;
  }

  isAhead(): boolean {
    return false;
  }

  carriesOut(pod: number, start: number): void {
    this.countBefore(pod, start, Infinity);
    this.next[pod]++;
  }

  follow(): void {
    // What a read has found changes nothing about those that come: etcd's history is known.
  }

  committed(entry: number, revision: number): void {
    if (this.ahead[this.population.entryNode[entry]] === 1) this.foundGets.committed(entry, revision, this.horizon);
  }

  finish(pod: number, end: number): void {
    if (this.counted[pod] === 1) this.countBefore(pod, Infinity, end);
  }

  /** Counts the reads of a pod's syncs that begin before `start` and read before `end`, µs. */
  private countBefore(pod: number, start: number, end: number): void {
    const { clocks, tally, next } = this;
    const { starts } = clocks;
    const kind = this.kind[pod];
    const server = this.latencies.serverOf[this.population.podNode[pod]];
    const bySecond = kind !== ONE_BY_ONE && tally.countsSeconds(kind);
    const until = Math.min(start, end);
    let place = next[pod];
    if (bySecond && clocks.ticksInSeconds) {
      const after = clocks.placeFrom(pod, place, until);
      tally.countRun(kind, server, clocks.readSeconds, place, after);
      next[pod] = after;
      return;
    }
    for (; starts[place] < until; place++) {
      const second = bySecond ? clocks.secondOf(starts[place]) : -1;
      if (second >= 0) {
        tally.countInSecond(kind, server, second);
        continue;
      }
      const read = clocks.readAt(place);
      if (read >= end) break;
      if (kind === ONE_BY_ONE) this.countOneByOne(pod, read);
      else tally.count(kind, server, read);
    }
    next[pod] = place;
  }

  /** Counts the GETs of a read of the pod at `read`: volumes at once, the sources of one after another. */
  private countOneByOne(pod: number, read: number): void {
    const { podConsumerStart, consumerFlags, consumerEntry } = this.population;
    let at = read;
    for (let c = podConsumerStart[pod]; c < podConsumerStart[pod + 1]; c++) {
      const flags = consumerFlags[c];
      if (flags & HEAD) at = read;
      if (flags & READS) at = this.latencies.getKnown(consumerEntry[c], at);
    }
  }

  /** True where every GET is answered before its pod's next read. */
  private areAnsweredInTime(): boolean {
    return this.latencies.longestQuorumGet <= this.input.kubelet.syncFrequencyUs - this.clocks.longestWait;
  }

  /** What a read of a pod is to the tally: all its GETs, where they leave at once. `first`: pod of its node. */
  private kindOf(pod: number, first: number): number {
    const { podConsumerStart, consumerFlags, consumerObject } = this.population;
    if (pod > first && this.readAlike(pod - 1, pod)) return this.kind[pod - 1];
    this.tally.begin();
    for (let c = podConsumerStart[pod]; c < podConsumerStart[pod + 1]; c++) {
      if ((consumerFlags[c] & READS) === 0) continue;
      if (!isAlone(consumerFlags[c])) return ONE_BY_ONE;
      this.tally.add(this.population, consumerObject[c], true);
    }
    return this.tally.end();
  }

  /** True where the objects that two pods read are alike to those who count, one by one. */
  private readAlike(pod: number, other: number): boolean {
    const { podConsumerStart, consumerFlags, consumerObject, objectKind, objectClass, objectSize } = this.population;
    const begin = podConsumerStart[pod];
    const shift = podConsumerStart[other] - begin;
    const end = podConsumerStart[pod + 1];
    if (end + shift !== podConsumerStart[other + 1]) return false;
    for (let c = begin; c < end; c++) {
      const a = consumerObject[c];
      const b = consumerObject[c + shift];
      if (consumerFlags[c] !== consumerFlags[c + shift] || objectKind[a] !== objectKind[b]) return false;
      if (objectClass[a] !== objectClass[b] || objectSize[a] !== objectSize[b]) return false;
    }
    return true;
  }

  /** True where no source is read behind one whose GET takes a time that is drawn. */
  private waitsForNoDraw(pod: number): boolean {
    const { podConsumerStart, consumerFlags, consumerObject } = this.population;
    for (let c = podConsumerStart[pod]; c < podConsumerStart[pod + 1]; c++) {
      const flags = consumerFlags[c];
      if (flags & READS && !isAlone(flags) && this.etcd.newest[consumerObject[c]] >= 0) return false;
    }
    return true;
  }
}
