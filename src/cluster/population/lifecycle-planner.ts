import { MINUTE_US, SECOND_US } from '../../sim/units.js';
import { GrowableInt32 } from '../../sim/growable.js';
import type { NameHash } from '../../sim/names.js';
import { AT_START, NO_POD } from './lifecycle-plan.js';
import type { Change } from './lifecycle-changes.js';
import { ChurnOrder } from './churn-order.js';
import type { TimelineAction } from '../model/model-input.js';
import { nodesThatLeave } from './node-removal.js';
import { Placement } from './placement.js';
import { PlannedPods } from './planned-pods.js';
import type { Roster } from './roster.js';
import { chosenShare } from './shares.js';
import { groupBy } from './population.js';

/** From the time of a write until it is committed at the latest. Assumption; a later one finds fewer pods planned. */
const WRITE_LATENCY_MAX_US = MINUTE_US;

/** What a `replace` under new names concerns: objects, and the deployments that use one of them. */
export interface Replacement {
  readonly objects: number;
  readonly deployments: readonly number[];
}

/** Pods in the order in which they were planned, and what becomes of them; `lifecycle-plan.ts` explains the columns. */
export interface PlannedLifecycle {
  readonly pods: PlannedPods;
  readonly deploymentReplicaStart: Int32Array;
  readonly deploymentReplicas: Int32Array;
  readonly rolloutStart: Int32Array;
  readonly rolloutDeployment: GrowableInt32;
  readonly rolloutPodStart: GrowableInt32;
  readonly rolloutPods: GrowableInt32;
  readonly movedStart: Int32Array;
  readonly movedNodes: GrowableInt32;
  readonly churnedStart: Int32Array;
  readonly churnedReplica: GrowableInt32;
  readonly churnedPodStart: GrowableInt32;
  readonly churnedPods: GrowableInt32;
}

/** Plans who takes whose place. `replacementOf` says what a change under a new name concerns. */
export function planLifecycle(
  roster: Roster,
  changes: readonly Change[],
  timeline: readonly TimelineAction[],
  seed: string,
  replacementOf: (change: number) => Replacement,
): PlannedLifecycle {
  return new Planner(roster, changes, timeline, seed, replacementOf).plan();
}

class Planner {
  private readonly pods: PlannedPods;
  private readonly rolloutDeployment = new GrowableInt32();
  private readonly rolloutPodStart = new GrowableInt32();
  private readonly rolloutPods = new GrowableInt32();
  /** Per rollout: the one before of the same deployment (−1: none), its change, and when that is through at the latest. */
  private readonly previousRollout = new GrowableInt32();
  private readonly rolloutChange = new GrowableInt32();
  private readonly rolloutLatest: number[] = [];
  private readonly movedNodes = new GrowableInt32();
  private readonly churnedReplica = new GrowableInt32();
  private readonly churnedPodStart = new GrowableInt32();
  private readonly churnedPods = new GrowableInt32();

  private readonly replicas: { readonly start: Int32Array; readonly members: Int32Array };
  /** Node on which a replica's latest pod is planned. */
  private readonly nodeNow: Int32Array;
  private readonly churnsOfReplica: Int32Array;
  private readonly lastRollout: Int32Array;
  private readonly rolloutsOfDeployment: Int32Array;
  /** Change with which a node leaves; beyond all changes: it stays. */
  private readonly leaves: Int32Array;
  private readonly placement: Placement;
  /** Per node join (in order): when the nodes are there at the latest, and how many places there are then. */
  private readonly placesFrom: { readonly us: number; readonly places: number }[];
  private readonly churnOrder: ChurnOrder;

  constructor(
    private readonly roster: Roster,
    private readonly changes: readonly Change[],
    private readonly timeline: readonly TimelineAction[],
    private readonly seed: string,
    private readonly replacementOf: (change: number) => Replacement,
  ) {
    const { replicaCount, replicaDeployment, replicaNode, deploymentCount, nodeCount } = roster;
    this.pods = new PlannedPods(roster);
    const owned = replicaDeployment.map((deployment) => (deployment < 0 ? deploymentCount : deployment));
    const grouped = groupBy(owned, deploymentCount + 1);
    this.replicas = { start: grouped.start.slice(0, deploymentCount + 1), members: grouped.members };
    this.nodeNow = replicaNode.slice();
    this.churnsOfReplica = new Int32Array(replicaCount);
    this.lastRollout = new Int32Array(deploymentCount).fill(-1);
    this.rolloutsOfDeployment = new Int32Array(deploymentCount);
    this.leaves = nodesThatLeave(roster, changes, timeline, seed);
    const { places, from } = this.places();
    this.placesFrom = from;
    this.placement = new Placement(seed, nodeCount, places);
    this.churnOrder = new ChurnOrder(roster, seed);
  }

  plan(): PlannedLifecycle {
    const { roster, changes, timeline } = this;
    const rolloutStart = new Int32Array(changes.length + 1);
    const movedStart = new Int32Array(changes.length + 1);
    const churnedStart = new Int32Array(changes.length + 1);
    changes.forEach((change, index) => {
      const entry = timeline[change.entry];
      switch (entry.action) {
        case 'rollout':
          this.rollOut(index, this.chosenDeployments(index, entry.deployments), 0);
          break;
        case 'replace':
          this.replace(index, entry.ratePerS);
          break;
        case 'addNodes':
        case 'removeNodes':
          this.moveNodes(index, entry.action);
          break;
        case 'churnPods':
          this.churn(index, entry.pods);
          break;
      }
      rolloutStart[index + 1] = this.rolloutDeployment.length;
      movedStart[index + 1] = this.movedNodes.length;
      churnedStart[index + 1] = this.churnedReplica.length;
    });
    this.rolloutPodStart.push(this.rolloutPods.length);
    this.churnedPodStart.push(this.churnedPods.length);
    return {
      pods: this.pods,
      deploymentReplicaStart: this.replicas.start,
      deploymentReplicas: this.replicas.members.subarray(0, this.replicas.start[roster.deploymentCount]),
      rolloutStart,
      rolloutDeployment: this.rolloutDeployment,
      rolloutPodStart: this.rolloutPodStart,
      rolloutPods: this.rolloutPods,
      movedStart,
      movedNodes: this.movedNodes,
      churnedStart,
      churnedReplica: this.churnedReplica,
      churnedPodStart: this.churnedPodStart,
      churnedPods: this.churnedPods,
    };
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

  /** Where the pod that takes a replica's place goes, by its name. */
  private moves(replica: number, name: NameHash, places: number): number {
    const { replicaDeployment, deploymentStays } = this.roster;
    const previous = this.nodeNow[replica];
    if (deploymentStays[replicaDeployment[replica]] === 1) return previous;
    const node = this.placement.move(name, places, previous);
    this.nodeNow[replica] = node;
    return node;
  }

  /** True where the node that holds the replica has left by a change. */
  private isGone(replica: number, change: number): boolean {
    return this.leaves[this.nodeNow[replica]] < change;
  }

  /** The deployments of a `rollout`: by name, so that a larger share contains a smaller one. */
  private chosenDeployments(change: number, share: number): number[] {
    const { deploymentCount, deploymentNames, deploymentJoins } = this.roster;
    const there: number[] = [];
    for (let d = 0; d < deploymentCount; d++) if (deploymentJoins[d] < change) there.push(d);
    const { entry, occurrence } = this.changes[change];
    const isChosen = chosenShare(there.length, share, this.seed, ['rollout', entry, occurrence], (i) => ({
      high: deploymentNames.high[there[i]],
      low: deploymentNames.low[there[i]],
    }));
    return there.filter((_, i) => isChosen(i));
  }

  /** Rolls deployments out: a new pod for each of their replicas that is still there. */
  private rollOut(change: number, deployments: readonly number[], longestUs: number): void {
    const { latestUs, earliestUs } = this.changes[change];
    const places = this.placesAt(earliestUs);
    const { start, members } = this.replicas;
    for (const deployment of deployments) {
      const before = this.lastRollout[deployment];
      const rollouts = ++this.rolloutsOfDeployment[deployment];
      this.lastRollout[deployment] = this.rolloutDeployment.length;
      this.previousRollout.push(before);
      this.rolloutChange.push(change);
      // Rollouts of a deployment follow each other in the order of their changes.
      this.rolloutLatest.push(Math.max(latestUs + longestUs, before < 0 ? -Infinity : this.rolloutLatest[before]));
      this.rolloutDeployment.push(deployment);
      this.rolloutPodStart.push(this.rolloutPods.length);
      for (let i = start[deployment]; i < start[deployment + 1]; i++) {
        const replica = members[i];
        if (this.isGone(replica, change)) {
          this.rolloutPods.push(NO_POD);
          continue;
        }
        const name = this.pods.nameSuccessor(replica, rollouts, 0);
        const node = this.moves(replica, name, places);
        this.rolloutPods.push(this.pods.succeed(replica, node, change, rollouts, 0, name));
      }
    }
  }

  private replace(change: number, ratePerS: number | null): void {
    const { objects, deployments } = this.replacementOf(change);
    const writingUs = ratePerS === null ? 0 : ((objects - 1) / ratePerS) * SECOND_US;
    this.rollOut(change, deployments, writingUs + WRITE_LATENCY_MAX_US);
  }

  private moveNodes(change: number, action: 'addNodes' | 'removeNodes'): void {
    const { nodeCount, nodeJoins } = this.roster;
    const moves = action === 'addNodes' ? nodeJoins : this.leaves;
    for (let node = 0; node < nodeCount; node++) if (moves[node] === change) this.movedNodes.push(node);
  }

  private churn(change: number, pods: number): void {
    const { earliestUs } = this.changes[change];
    const places = this.placesAt(earliestUs);
    const isThere = (replica: number): boolean => {
      const joins = this.roster.deploymentJoins[this.roster.replicaDeployment[replica]];
      if (joins !== AT_START && this.changes[joins].latestUs > earliestUs) return false;
      return !this.isGone(replica, change);
    };
    for (let i = 0; i < pods; i++) {
      const replica = this.churnOrder.next(change, isThere);
      if (replica < 0) return;
      this.churnedReplica.push(replica);
      this.churnedPodStart.push(this.churnedPods.length);
      this.planChurned(replica, earliestUs, places);
    }
  }

  /** Plans one pod per template that the replica's deployment may have at `us`, all on the same node. */
  private planChurned(replica: number, us: number, places: number): void {
    const { deploymentJoins, replicaDeployment } = this.roster;
    const deployment = replicaDeployment[replica];
    const churns = ++this.churnsOfReplica[replica];
    const latest = this.rolloutsOfDeployment[deployment];
    const node = this.moves(replica, this.pods.nameSuccessor(replica, latest, churns), places);
    const first = this.churnedPods.length;
    let rollout = this.lastRollout[deployment];
    for (let rollouts = latest; ; rollouts--) {
      const template = rollout < 0 ? deploymentJoins[deployment] : this.rolloutChange.get(rollout);
      const name = this.pods.nameSuccessor(replica, rollouts, churns);
      this.churnedPods.push(this.pods.succeed(replica, node, template, rollouts, churns, name));
      if (rollout < 0 || this.rolloutLatest[rollout] <= us) break;
      rollout = this.previousRollout.get(rollout);
    }
    this.churnedPods.view().subarray(first).reverse();
  }
}
