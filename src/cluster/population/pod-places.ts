import { GrowableInt32 } from '../../sim/growable.js';
import type { NameHash } from '../../sim/names.js';
import type { TimelineAction } from '../model/timeline-actions.js';
import { AT_START } from './lifecycle-plan.js';
import type { Change } from './lifecycle-changes.js';
import { nodesThatLeave } from './node-removal.js';
import { Placement } from './placement.js';
import type { Roster } from './roster.js';
import { WORKLOAD } from './workload-kinds.js';

/** Which node each replica's pod is planned on, as one change after another moves it. */
export class PodPlaces {
  /** Change with which a node leaves; beyond all changes: it stays. */
  readonly leaves: Int32Array;
  /** Node on which a replica's latest pod is planned. */
  private readonly nodeNow: Int32Array;
  private readonly placement: Placement;
  /** Per node join (in order): when the nodes are there at the latest, and how many places there are then. */
  private readonly placesFrom: { readonly us: number; readonly places: number }[];
  /** A cordoned node takes no pods from the one time to the other, µs. */
  private readonly cordonedFrom: Float64Array;
  private readonly cordonedUntil: Float64Array;

  constructor(
    private readonly roster: Roster,
    private readonly changes: readonly Change[],
    timeline: readonly TimelineAction[],
    seed: string,
  ) {
    this.leaves = nodesThatLeave(roster, changes, timeline, seed);
    this.nodeNow = roster.replicaNode.slice();
    const { places, from } = this.places();
    this.placesFrom = from;
    this.placement = new Placement(seed, roster.nodeCount, places);
    this.cordonedFrom = new Float64Array(roster.nodeCount).fill(Infinity);
    this.cordonedUntil = new Float64Array(roster.nodeCount);
  }

  nodeOf(replica: number): number {
    return this.nodeNow[replica];
  }

  /** True where the node that holds the replica has left by a change. */
  isGone(replica: number, change: number): boolean {
    return this.leaves[this.nodeNow[replica]] < change;
  }

  /** True for a node that has come by a change, and has not left. */
  isThere(node: number, change: number): boolean {
    return this.roster.nodeJoins[node] < change && this.leaves[node] >= change;
  }

  /** True for a pod that no other node may have: that of a DaemonSet, or one that no controller replaces. */
  staysOnNode(replica: number): boolean {
    const { replicaDeployment, deploymentKind } = this.roster;
    const deployment = replicaDeployment[replica];
    return deployment < 0 || deploymentKind[deployment] === WORKLOAD.daemonSet;
  }

  isCordoned(node: number, us: number): boolean {
    return this.cordonedFrom[node] <= us && us < this.cordonedUntil[node];
  }

  cordon(node: number, fromUs: number, untilUs: number): void {
    this.cordonedFrom[node] = fromUs;
    this.cordonedUntil[node] = untilUs;
  }

  /** Where the pod goes that takes a replica's place at `us`, by its name. */
  move(replica: number, name: NameHash, us: number): number {
    const previous = this.nodeNow[replica];
    if (this.staysOnNode(replica)) return previous;
    const node = this.placement.move(name, this.placesAt(us), previous, (each) => !this.isCordoned(each, us));
    this.nodeNow[replica] = node;
    return node;
  }

  /** Nodes that stay, each as often as it has pods; a node that joins without pods as often as the others on average. */
  private places(): { readonly places: Int32Array; readonly from: { us: number; places: number }[] } {
    const { nodeCount, nodeJoins, replicaNode, replicaCount } = this.roster;
    const pods = new Int32Array(nodeCount);
    for (let replica = 0; replica < replicaCount; replica++) pods[replicaNode[replica]]++;
    const mean = Math.max(1, Math.round(replicaCount / nodeCount));
    const places = new GrowableInt32();
    const from: { us: number; places: number }[] = [];
    for (let node = 0; node < nodeCount; node++) {
      const joins = nodeJoins[node];
      if (this.leaves[node] === this.changes.length) {
        const count = joins !== AT_START && pods[node] === 0 ? mean : pods[node];
        for (let i = 0; i < count; i++) places.push(node);
      }
      if (node + 1 < nodeCount && nodeJoins[node + 1] === joins) continue;
      from.push({ us: joins === AT_START ? -Infinity : this.changes[joins].latestUs, places: places.length });
    }
    return { places: places.view(), from };
  }

  private placesAt(us: number): number {
    let places = 0;
    for (const join of this.placesFrom) if (join.us <= us) places = join.places;
    return places;
  }
}
