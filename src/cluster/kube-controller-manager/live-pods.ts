import { type LifecyclePlan, NO_POD } from '../population/lifecycle-plan.js';
import type { Population } from '../population/population.js';

/** Where a pod stands in its life, as its controller sees it. */
export const ABSENT = 0;
/** Created, and not yet running. */
export const CREATED = 1;
/** Running, which is ready and available (`minReadySeconds` 0). */
export const AVAILABLE = 2;
/** Deleted, and still terminating: controllers count it no more. */
export const TERMINATING = 3;
export const ENDED = 4;

/**
 * The pods of a cluster by deployment: which are there, which are available and which have the deployment's current
 * template. A deployment's pods are linked in the order of their creation, so that those with older templates stand
 * first.
 */
export class LivePods {
  readonly state: Uint8Array;
  /** Pods that have been created in the course of the run and do not run yet, and which these are. */
  starting = 0;
  private readonly isStarting: Uint8Array;
  /** The newest pod of each replica; NO_POD: the replica is not there. */
  readonly holder: Int32Array;
  /** Per deployment: its template, its replicas, pods that are not terminating, and those of them that are available. */
  readonly template: Int32Array;
  readonly replicas: Int32Array;
  readonly pods: Int32Array;
  readonly available: Int32Array;
  /** The same of pods with the current template. */
  readonly updated: Int32Array;
  readonly updatedAvailable: Int32Array;
  private readonly first: Int32Array;
  private readonly last: Int32Array;
  private readonly next: Int32Array;
  private readonly previous: Int32Array;

  /** `running`: the pods of the start run already, but for those that wait for a missing object. */
  constructor(
    private readonly population: Population,
    private readonly lifecycle: LifecyclePlan,
    running: boolean,
  ) {
    const { podCount, deploymentCount } = population;
    this.state = new Uint8Array(podCount);
    this.isStarting = new Uint8Array(podCount);
    this.holder = new Int32Array(lifecycle.replicaCount).fill(NO_POD);
    this.template = new Int32Array(deploymentCount);
    this.replicas = new Int32Array(deploymentCount);
    this.pods = new Int32Array(deploymentCount);
    this.available = new Int32Array(deploymentCount);
    this.updated = new Int32Array(deploymentCount);
    this.updatedAvailable = new Int32Array(deploymentCount);
    this.first = new Int32Array(deploymentCount).fill(NO_POD);
    this.last = new Int32Array(deploymentCount).fill(NO_POD);
    this.next = new Int32Array(podCount).fill(NO_POD);
    this.previous = new Int32Array(podCount).fill(NO_POD);
    for (let d = 0; d < deploymentCount; d++) {
      const replica = lifecycle.deploymentReplicas[lifecycle.deploymentReplicaStart[d]];
      this.template[d] = lifecycle.podTemplate[lifecycle.replicaFirstPod[replica]];
    }
    for (const pod of lifecycle.replicaFirstPod) {
      if (population.podArrives[pod] === 1) continue;
      this.enter(pod);
      if (running && population.podPending[pod] === 0) this.runs(pod);
    }
  }

  /** The first pod of a replica comes, and the replica with it. */
  join(pod: number): void {
    const deployment = this.population.podDeployment[pod];
    if (deployment >= 0) this.replicas[deployment]++;
    this.create(pod);
  }

  /** A pod is created on its replica. */
  create(pod: number): void {
    this.isStarting[pod] = 1;
    this.starting++;
    this.hold(pod);
  }

  /** A pod is there at the start, and its replica with it. */
  private enter(pod: number): void {
    const deployment = this.population.podDeployment[pod];
    if (deployment >= 0) this.replicas[deployment]++;
    this.hold(pod);
  }

  private hasStarted(pod: number): void {
    if (this.isStarting[pod] === 1) this.starting--;
    this.isStarting[pod] = 0;
  }

  private hold(pod: number): void {
    this.state[pod] = CREATED;
    this.holder[this.lifecycle.podReplica[pod]] = pod;
    const deployment = this.population.podDeployment[pod];
    if (deployment < 0) return;
    this.pods[deployment]++;
    if (this.isUpdated(pod, deployment)) this.updated[deployment]++;
    this.append(pod, deployment);
  }

  /** A pod runs; false where its controller has deleted it in the meantime. */
  runs(pod: number): boolean {
    if (this.state[pod] !== CREATED) return false;
    this.state[pod] = AVAILABLE;
    this.hasStarted(pod);
    const deployment = this.population.podDeployment[pod];
    if (deployment < 0) return true;
    this.available[deployment]++;
    if (this.isUpdated(pod, deployment)) this.updatedAvailable[deployment]++;
    return true;
  }

  /** A pod is deleted. */
  delete(pod: number): void {
    const wasAvailable = this.state[pod] === AVAILABLE;
    this.hasStarted(pod);
    this.state[pod] = TERMINATING;
    const deployment = this.population.podDeployment[pod];
    if (deployment < 0) return;
    this.pods[deployment]--;
    if (wasAvailable) this.available[deployment]--;
    if (this.isUpdated(pod, deployment)) {
      this.updated[deployment]--;
      if (wasAvailable) this.updatedAvailable[deployment]--;
    }
    this.unlink(pod, deployment);
  }

  /** A deleted pod has terminated. */
  end(pod: number): void {
    this.state[pod] = ENDED;
  }

  /** A replica is given up, with its node. */
  giveUp(replica: number): void {
    this.holder[replica] = NO_POD;
    const deployment = this.lifecycle.replicaDeployment[replica];
    if (deployment >= 0) this.replicas[deployment]--;
  }

  /** The deployment has a new template, which no pod has yet. */
  setTemplate(deployment: number, template: number): void {
    this.template[deployment] = template;
    this.updated[deployment] = 0;
    this.updatedAvailable[deployment] = 0;
  }

  /** The deployment's oldest pod, NO_POD where it has none; `after` gives the next. */
  oldest(deployment: number): number {
    return this.first[deployment];
  }

  /** The pod of the same deployment that was created next. */
  after(pod: number): number {
    return this.next[pod];
  }

  /** True for a pod that is there and not terminating. */
  isCounted(pod: number): boolean {
    return this.state[pod] === CREATED || this.state[pod] === AVAILABLE;
  }

  private isUpdated(pod: number, deployment: number): boolean {
    return this.lifecycle.podTemplate[pod] === this.template[deployment];
  }

  private append(pod: number, deployment: number): void {
    const before = this.last[deployment];
    this.previous[pod] = before;
    this.next[pod] = NO_POD;
    if (before === NO_POD) this.first[deployment] = pod;
    else this.next[before] = pod;
    this.last[deployment] = pod;
  }

  private unlink(pod: number, deployment: number): void {
    const before = this.previous[pod];
    const after = this.next[pod];
    if (before === NO_POD) this.first[deployment] = after;
    else this.next[before] = after;
    if (after === NO_POD) this.last[deployment] = before;
    else this.previous[after] = before;
  }
}
