import { MINUTE_US, SECOND_US } from '../../sim/units.js';
import { GrowableInt32 } from '../../sim/growable.js';
import { AT_START, NO_POD } from './lifecycle-plan.js';
import type { Change } from './lifecycle-changes.js';
import { ChosenDeployments } from './chosen-deployments.js';
import { ChurnOrder } from './churn-order.js';
import { ANY_NODE, Handovers } from './handovers.js';
import type {
  Amount,
  DrainAction,
  ObjectAction,
  RemoveNodesAction,
  RolloutAction,
  TimelineAction,
} from '../model/timeline-actions.js';
import { drainedAt, NodeDrains } from './node-drains.js';
import { PlannedPods } from './planned-pods.js';
import { PodPlaces } from './pod-places.js';
import { RolloutTemplates } from './rollout-templates.js';
import type { Roster } from './roster.js';
import { Scaling } from './scaling.js';
import { chosenShare } from './shares.js';
import { groupBy } from './population.js';
import { scales } from './workload-kinds.js';

/** From the time of a write until it is committed at the latest. Assumption; a later one finds fewer pods planned. */
const WRITE_LATENCY_MAX_US = MINUTE_US;
/** A change may be brought at any time after it: replicas that others take over have pods with and without it. */
const RELOADS_UNTIL_US = Infinity;

/** What a change concerns that names a target: objects, and the deployments that use one of them. */
export interface TargetUsers {
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
  readonly partStart: Int32Array;
  readonly handovers: Handovers;
  readonly scaling: Scaling;
}

/** Plans who takes whose place. `usersOf` says what a change concerns that names a target. */
export function planLifecycle(
  roster: Roster,
  changes: readonly Change[],
  timeline: readonly TimelineAction[],
  seed: string,
  usersOf: (change: number) => TargetUsers,
): PlannedLifecycle {
  return new Planner(roster, changes, timeline, seed, usersOf).plan();
}

class Planner {
  private readonly pods: PlannedPods;
  private readonly rolloutDeployment = new GrowableInt32();
  private readonly rolloutPodStart = new GrowableInt32();
  private readonly rolloutPods = new GrowableInt32();
  private readonly movedNodes = new GrowableInt32();
  private readonly replicas: { readonly start: Int32Array; readonly members: Int32Array };
  private readonly choice: ChosenDeployments;
  private readonly templates: RolloutTemplates;
  private readonly places: PodPlaces;
  private readonly handovers: Handovers;
  private readonly scaling: Scaling;
  private readonly drains: NodeDrains;
  private readonly churnOrder: ChurnOrder;

  constructor(
    private readonly roster: Roster,
    private readonly changes: readonly Change[],
    private readonly timeline: readonly TimelineAction[],
    private readonly seed: string,
    private readonly usersOf: (change: number) => TargetUsers,
  ) {
    const { replicaDeployment, deploymentCount } = roster;
    this.pods = new PlannedPods(roster);
    const owned = replicaDeployment.map((deployment) => (deployment < 0 ? deploymentCount : deployment));
    const grouped = groupBy(owned, deploymentCount + 1);
    this.replicas = { start: grouped.start.slice(0, deploymentCount + 1), members: grouped.members };
    this.choice = new ChosenDeployments(roster, seed, (change) => usersOf(change).deployments);
    this.templates = new RolloutTemplates(roster);
    this.places = new PodPlaces(roster, changes, timeline, seed);
    this.handovers = new Handovers(roster, this.pods, this.places, this.templates);
    this.scaling = new Scaling(roster, this.replicas);
    this.drains = new NodeDrains(roster, this.places, seed);
    this.churnOrder = new ChurnOrder(roster, seed);
  }

  plan(): PlannedLifecycle {
    const { roster, changes } = this;
    const rolloutStart = new Int32Array(changes.length + 1);
    const movedStart = new Int32Array(changes.length + 1);
    const partStart = new Int32Array(changes.length + 1);
    for (let change = 0; change < changes.length; change++) {
      this.planChange(change);
      this.scaling.endChange();
      rolloutStart[change + 1] = this.rolloutDeployment.length;
      movedStart[change + 1] = this.movedNodes.length;
      partStart[change + 1] = this.handovers.partNode.length;
    }
    this.rolloutPodStart.push(this.rolloutPods.length);
    this.handovers.finish();
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
      partStart,
      handovers: this.handovers,
      scaling: this.scaling,
    };
  }

  /** True for a workload whose pods get another template when it has one. */
  private readonly rollsOut = (deployment: number): boolean => this.roster.deploymentMissing[deployment] > 0;

  private planChange(change: number): void {
    const entry = this.timeline[this.changes[change].entry];
    if ('reloads' in entry) {
      this.reload(change, entry);
      return;
    }
    switch (entry.action) {
      case 'rollout': {
        const deployments = this.choice.of(change, entry, ['rollout', ...this.occurrence(change)], this.rollsOut);
        this.rollOut(change, deployments, rolloutSpanUs(entry, deployments.length));
        break;
      }
      case 'replace':
        this.replace(change, entry.ratePerS);
        break;
      case 'scale':
        this.scale(
          change,
          this.choice.of(change, entry, ['scale'], (d) => scales(this.roster.deploymentKind[d])),
          entry.replicas,
        );
        break;
      case 'addNodes':
        this.moveNodes(change, this.roster.nodeJoins);
        break;
      case 'removeNodes':
        this.moveNodes(change, this.places.leaves);
        this.comeBack(change, entry);
        break;
      case 'drain':
        this.drain(change, entry);
        break;
      case 'churnPods':
        this.churn(change, entry.pods);
        break;
    }
  }

  private occurrence(change: number): readonly number[] {
    const { entry, occurrence } = this.changes[change];
    return [entry, occurrence];
  }

  /** Rolls deployments out, the last of them `spanUs` after the change: a new pod for each replica that is still there. */
  private rollOut(change: number, deployments: readonly number[], spanUs: number): void {
    const { latestUs, earliestUs } = this.changes[change];
    const { start, members } = this.replicas;
    for (const deployment of deployments) {
      const rollouts = this.templates.add(deployment, change, latestUs + spanUs);
      this.rolloutDeployment.push(deployment);
      this.rolloutPodStart.push(this.rolloutPods.length);
      for (let i = start[deployment]; i < start[deployment + 1]; i++) {
        const replica = members[i];
        if (this.places.isGone(replica, change)) {
          this.rolloutPods.push(NO_POD);
          continue;
        }
        const name = this.pods.nameSuccessor(replica, rollouts, 0);
        const node = this.places.move(replica, name, earliestUs);
        this.rolloutPods.push(this.pods.succeed(replica, node, change, rollouts, 0, name));
      }
    }
  }

  private replace(change: number, ratePerS: number | null): void {
    const { objects, deployments } = this.usersOf(change);
    const writingUs = ratePerS === null ? 0 : ((objects - 1) / ratePerS) * SECOND_US;
    this.rollOut(change, deployments.filter(this.rollsOut), writingUs + WRITE_LATENCY_MAX_US);
  }

  /** Rollouts by Reloader, of what somebody may bring who takes his time. */
  private reload(change: number, { reloads = 0 }: ObjectAction): void {
    const deployments = this.usersOf(change).deployments.filter(this.rollsOut);
    const { deploymentNames } = this.roster;
    // Which Deployments ask for it is no matter of the change.
    const isChosen = chosenShare(deployments.length, reloads, this.seed, ['reloader'], (i) => ({
      high: deploymentNames.high[deployments[i]],
      low: deploymentNames.low[deployments[i]],
    }));
    this.rollOut(
      change,
      deployments.filter((_, i) => isChosen(i)),
      RELOADS_UNTIL_US,
    );
  }

  /** Replicas that are scaled away need no pods; those that come back do. */
  private scale(change: number, deployments: readonly number[], replicas: Amount): void {
    const { earliestUs } = this.changes[change];
    this.handovers.beginPart(ANY_NODE);
    const isGone = (replica: number): boolean => this.places.isGone(replica, change);
    for (const replica of this.scaling.scale(deployments, replicas, isGone)) {
      // The node that it was on before may have left meanwhile.
      if (!isGone(replica) || !this.places.staysOnNode(replica)) this.handovers.add(replica, earliestUs);
    }
  }

  private moveNodes(change: number, moves: Int32Array): void {
    for (let node = 0; node < moves.length; node++) if (moves[node] === change) this.movedNodes.push(node);
  }

  /** Pods of nodes that leave come back on others, where a controller replaces them. */
  private comeBack(change: number, { pods }: RemoveNodesAction): void {
    if (pods === 'leave') return;
    const { earliestUs } = this.changes[change];
    const { leaves } = this.places;
    this.handovers.beginPart(ANY_NODE);
    for (let replica = 0; replica < this.roster.replicaCount; replica++) {
      if (leaves[this.places.nodeOf(replica)] === change) this.handOver(replica, change, earliestUs);
    }
  }

  /** The pods of the nodes in their turn; one that finds its place on a node of a later turn moves again. */
  private drain(change: number, entry: DrainAction): void {
    const { earliestUs } = this.changes[change];
    const nodes = this.drains.nodesOf(change, this.changes[change], entry);
    const turns = nodes.map((node, position) => ({ node, us: drainedAt(entry, earliestUs, position) }));
    const replicasOn = new Map<number, number[]>(nodes.map((node) => [node, []]));
    for (let replica = 0; replica < this.roster.replicaCount; replica++) {
      replicasOn.get(this.places.nodeOf(replica))?.push(replica);
    }
    for (const { node, us } of turns) this.places.cordon(node, us, us + entry.cordonedUs);
    for (const { node, us } of turns) {
      this.handovers.beginPart(node);
      for (const replica of replicasOn.get(node) ?? []) {
        this.handOver(replica, change, us);
        const next = this.places.nodeOf(replica);
        if (next !== node) replicasOn.get(next)?.push(replica);
      }
    }
  }

  private churn(change: number, pods: number): void {
    const { earliestUs } = this.changes[change];
    this.handovers.beginPart(ANY_NODE);
    const isThere = (replica: number): boolean => {
      const joins = this.roster.deploymentJoins[this.roster.replicaDeployment[replica]];
      if (joins !== AT_START && this.changes[joins].latestUs > earliestUs) return false;
      return !this.places.isGone(replica, change) && !this.scaling.isAway(replica);
    };
    for (let i = 0; i < pods; i++) {
      const replica = this.churnOrder.next(change, isThere);
      if (replica < 0) return;
      this.handovers.add(replica, earliestUs);
    }
  }

  /** A pod moves to another node, if a controller replaces it there. */
  private handOver(replica: number, change: number, us: number): void {
    const { places, scaling, roster } = this;
    if (places.staysOnNode(replica) || scaling.isAway(replica)) return;
    if (roster.deploymentJoins[roster.replicaDeployment[replica]] < change) this.handovers.add(replica, us);
  }
}

/** From a rollout's change until the last of its deployments has its turn, µs. */
function rolloutSpanUs({ afterUs, ratePerS }: RolloutAction, deployments: number): number {
  return afterUs + (ratePerS === null ? 0 : (Math.max(0, deployments - 1) / ratePerS) * SECOND_US);
}
