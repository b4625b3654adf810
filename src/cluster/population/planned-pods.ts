import { GrowableInt32 } from '../../sim/growable.js';
import { extendName, type NameHash } from '../../sim/names.js';
import type { Roster } from './roster.js';

/**
 * The pods of a run in the order in which they are planned: first those that begin on their replicas, in their order,
 * then those that take the place of others.
 */
export class PlannedPods {
  readonly replica = new GrowableInt32();
  readonly node = new GrowableInt32();
  readonly template = new GrowableInt32();
  /** How often the pod's deployment had been rolled out, and how often its replica's pod had been deleted by churn. */
  readonly rollouts = new GrowableInt32();
  readonly churns = new GrowableInt32();
  readonly nameHigh = new GrowableInt32();
  readonly nameLow = new GrowableInt32();

  constructor(private readonly roster: Roster) {
    const { replicaCount, replicaNode, replicaNames, nodeJoins } = roster;
    for (let replica = 0; replica < replicaCount; replica++) {
      const node = replicaNode[replica];
      this.nameHigh.push(replicaNames.high[replica]);
      this.nameLow.push(replicaNames.low[replica]);
      this.add(replica, node, nodeJoins[node], 0, 0);
    }
  }

  /** Adds a pod that takes another's place; returns its number. `name`: of `nameSuccessor`. */
  succeed(replica: number, node: number, template: number, rollouts: number, churns: number, name: NameHash): number {
    this.nameHigh.push(name.high);
    this.nameLow.push(name.low);
    return this.add(replica, node, template, rollouts, churns);
  }

  /** The name of a pod that takes another's place: the replica's, extended by how often that has happened. */
  nameSuccessor(replica: number, rollouts: number, churns: number): NameHash {
    const { high, low } = this.roster.replicaNames;
    return extendName({ high: high[replica], low: low[replica] }, rollouts, churns);
  }

  private add(replica: number, node: number, template: number, rollouts: number, churns: number): number {
    this.replica.push(replica);
    this.node.push(node);
    this.template.push(template);
    this.rollouts.push(rollouts);
    this.churns.push(churns);
    return this.replica.length - 1;
  }
}
