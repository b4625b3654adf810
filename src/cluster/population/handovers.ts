import { GrowableInt32 } from '../../sim/growable.js';
import type { PlannedPods } from './planned-pods.js';
import type { PodPlaces } from './pod-places.js';
import type { Roster } from './roster.js';

/** No single node: a part of a change that concerns pods wherever they are. */
export const ANY_NODE = -1;

/** The templates that a deployment's pods may have: what its rollouts made of them. */
export interface Templates {
  /** How often the deployment has been rolled out, by what is planned so far. */
  rolloutsOf(deployment: number): number;
  /** Those that it may have at `us`, the newest first: the change of each, and how many rollouts it comes after. */
  possibleAt(deployment: number, us: number): readonly { readonly template: number; readonly rollouts: number }[];
}

/**
 * Places that are handed over from one pod to another, other than by a rollout: because the first is deleted, evicted or
 * lost with its node, or because its replica was scaled away and comes back. A change has them in parts, which happen
 * at different times.
 */
export class Handovers {
  readonly partNode = new GrowableInt32();
  readonly partStart = new GrowableInt32();
  readonly replica = new GrowableInt32();
  readonly podStart = new GrowableInt32();
  readonly pods = new GrowableInt32();
  /** How often a replica's place has been handed over. */
  private readonly times: Int32Array;

  constructor(
    private readonly roster: Roster,
    private readonly planned: PlannedPods,
    private readonly places: PodPlaces,
    private readonly templates: Templates,
  ) {
    this.times = new Int32Array(roster.replicaCount);
  }

  /** Begins the next part of a change; `node`: the one whose pods go, or ANY_NODE. */
  beginPart(node: number): void {
    this.partNode.push(node);
    this.partStart.push(this.replica.length);
  }

  /** Plans a replica's next pod: one per template that its deployment may have at `us`, all on the same node. */
  add(replica: number, us: number): void {
    const { roster, planned, places, templates } = this;
    const deployment = roster.replicaDeployment[replica];
    this.replica.push(replica);
    this.podStart.push(this.pods.length);
    const times = ++this.times[replica];
    const name = planned.nameSuccessor(replica, templates.rolloutsOf(deployment), times);
    const node = places.move(replica, name, us);
    const first = this.pods.length;
    for (const { template, rollouts } of templates.possibleAt(deployment, us)) {
      const own = planned.nameSuccessor(replica, rollouts, times);
      this.pods.push(planned.succeed(replica, node, template, rollouts, times, own));
    }
    this.pods.view().subarray(first).reverse();
  }

  finish(): void {
    this.partStart.push(this.replica.length);
    this.podStart.push(this.pods.length);
  }
}
