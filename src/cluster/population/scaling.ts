import { GrowableInt32 } from '../../sim/growable.js';
import { amountOf, type Amount } from '../model/timeline-actions.js';
import type { Roster } from './roster.js';

/**
 * How many replicas deployments are scaled to. Those with the highest numbers go first, which are created last: the
 * replica set controller deletes pods that are not ready, and then the youngest
 * (`pkg/controller/controller_utils.go` ActivePodsWithRanks).
 */
export class Scaling {
  readonly deployment = new GrowableInt32();
  /** To how many of its replicas. */
  readonly replicas = new GrowableInt32();
  /** Scalings of change k: start[k] … start[k + 1]. */
  readonly start = new GrowableInt32();
  /** 1 for a replica that is scaled away. */
  private readonly away: Uint8Array;

  constructor(
    roster: Roster,
    private readonly members: { readonly start: Int32Array; readonly members: Int32Array },
  ) {
    this.away = new Uint8Array(roster.replicaCount);
    this.start.push(0);
  }

  isAway(replica: number): boolean {
    return this.away[replica] === 1;
  }

  /** Scales deployments; returns the replicas that come back. `isGone`: true for one that has gone with its node. */
  scale(deployments: readonly number[], to: Amount, isGone: (replica: number) => boolean): number[] {
    const { start, members } = this.members;
    const back: number[] = [];
    for (const deployment of deployments) {
      const replicas = amountOf(to, start[deployment + 1] - start[deployment]);
      this.deployment.push(deployment);
      this.replicas.push(replicas);
      for (let i = start[deployment]; i < start[deployment + 1]; i++) {
        const replica = members[i];
        if (!this.isAway(replica) && isGone(replica)) continue;
        const stays = i - start[deployment] < replicas;
        if (stays && this.isAway(replica)) back.push(replica);
        this.away[replica] = stays ? 0 : 1;
      }
    }
    return back;
  }

  endChange(): void {
    this.start.push(this.deployment.length);
  }
}
