import { RandomStream } from '../../sim/random.js';
import type { Roster } from './roster.js';

/**
 * The order in which pods of deployments are deleted by `churnPods`: at random, each replica once before any of them
 * a second time, so that a replica is rarely asked for while its pod is still starting.
 */
export class ChurnOrder {
  private readonly random: RandomStream;
  private round = 0;
  private order: Int32Array = new Int32Array(0);
  private position = 0;
  private readonly lastChange: Int32Array;

  constructor(
    private readonly roster: Roster,
    seed: string,
  ) {
    this.random = RandomStream.fromSeed(seed, 'churn');
    this.lastChange = new Int32Array(roster.replicaCount).fill(-1);
  }

  /** The next replica that is there and that the change has not had yet; −1 where there is none. */
  next(change: number, isThere: (replica: number) => boolean): number {
    for (let tried = 0, replicas = this.order.length; tried <= replicas; tried++) {
      if (this.position === this.order.length) {
        this.startRound();
        replicas = this.order.length;
      }
      if (this.order.length === 0) return -1;
      const replica = this.order[this.position++];
      if (this.lastChange[replica] === change || !isThere(replica)) continue;
      this.lastChange[replica] = change;
      return replica;
    }
    return -1;
  }

  private startRound(): void {
    const { replicaCount, replicaNames, replicaDeployment } = this.roster;
    const draws = new Uint32Array(replicaCount);
    const owned: number[] = [];
    for (let replica = 0; replica < replicaCount; replica++) {
      if (replicaDeployment[replica] < 0) continue;
      draws[replica] = this.random.uint32(replicaNames.high[replica], replicaNames.low[replica], this.round);
      owned.push(replica);
    }
    this.order = Int32Array.from(owned).sort((a, b) => draws[a] - draws[b] || a - b);
    this.position = 0;
    this.round++;
  }
}
