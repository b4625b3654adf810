import { SECOND_US } from '../../sim/units.js';
import { cpuNs, OBJECT_OVERHEAD_BYTES } from '../model/costs.js';
import { EVENT } from '../model/events.js';
import { KIND } from '../model/kinds.js';
import type { World } from '../world/world.js';
import type { Component } from './component.js';
import { NO_SERVER_RETRY_US, type OperatorClient, REFUSED } from './operator-client.js';
import type { PlannedReloads } from './planned-reloads.js';

/** Bytes of a Deployment in a LIST (assumption). */
const DEPLOYMENT_BYTES = 5 * 1024;
/** How long a restart takes until its informers know all objects (assumption); changes before are not seen as changes. */
const SYNC_US = SECOND_US;

/**
 * The requests for one change, one after another (`internal/pkg/handler/upgrade.go` doRollingUpgrade): each kind of workload
 * of the object's namespace is listed, unpaginated and at etcd's version, and those that use it are updated before the next
 * kind is. Assumption: only Deployments use it, and other LISTs are empty.
 */
const LIST_DEPLOYMENTS = 0;
const UPDATE_DEPLOYMENT = 1;
/** CronJobs and Jobs, then DaemonSets and StatefulSets. */
const OTHER_LISTS = ['batch', 'batch', 'apps', 'apps'] as const;

/** Events of a worker: a request leaves; it is answered; a change is told of. */
const LEAVES = 0;
const ANSWERED = 1;
const STEPS = 2;

/** The clients of the two API groups; each has a limit of its own. */
export interface ReloaderClients {
  readonly apps: OperatorClient;
  readonly batch: OperatorClient;
}

/** What a worker is about. */
interface Job {
  /** Rollouts of the Deployments that use the object. */
  readonly rollouts: readonly number[];
  /** 0: the LIST of Deployments; up to the number of rollouts: updates; then the other LISTs. */
  step: number;
}

/** What Reloader works with. */
export interface ReloaderParts {
  readonly world: World;
  readonly clients: ReloaderClients;
  readonly planned: PlannedReloads;
  readonly firstEntity: number;
  /** Deployments of a namespace, on average. */
  readonly deploymentsPerNamespace: number;
  /** A Deployment's template has been updated: it rolls out. */
  readonly rollOut: (rollout: number) => void;
}

/**
 * Reloader v1.4 (`internal/pkg/{controller,handler}`): informers of all Secrets and ConfigMaps, and one worker for each of
 * the two kinds, which for each change of data lists the namespace's workloads and updates those that use the object: they
 * roll out at once. Nothing paces it but its client's limit, which is client-go's for each API group (`pkg/kube/client.go`
 * sets none: 5 requests a second, 10 at once; `rest/config.go` DefaultQPS, DefaultBurst). What changes while it is away is
 * not seen as a change. Created objects are none (`--reload-on-create` is off).
 */
export class Reloader implements Component {
  /** One worker for Secrets, one for ConfigMaps. */
  readonly entities = 2;
  private readonly queues: number[][] = [[], []];
  private readonly jobs: (Job | null)[] = [null, null];
  private readonly epochs = [0, 0];
  private draws = 0;
  private stopped = false;
  private deafUntil = -Infinity;

  constructor(private readonly parts: ReloaderParts) {}

  start(): void {
    // It has long known all objects.
  }

  /** An event of a revision has reached its informers. */
  received(revision: number): void {
    const { etcd, population, sim } = this.parts.world;
    const kind = population.objectKind[etcd.object[revision]];
    if (this.stopped || sim.now < this.deafUntil || (kind !== KIND.Secret && kind !== KIND.ConfigMap)) return;
    if (etcd.actionOf(revision) !== 'update') return;
    this.queues[kind].push(revision);
    this.takesNext(kind);
  }

  handle(worker: number, argument: number): void {
    if (Math.floor(argument / STEPS) !== this.epochs[worker]) return;
    const job = this.jobs[worker];
    if (job === null) return;
    if (argument % STEPS === LEAVES) this.sends(worker, job);
    else this.answered(worker, job);
  }

  written(): void {
    // It learns of writes by its informers.
  }

  stop(): void {
    this.stopped = true;
    for (const worker of [0, 1]) {
      this.epochs[worker]++;
      this.queues[worker] = [];
      this.jobs[worker] = null;
    }
  }

  resume(): void {
    this.stopped = false;
    this.deafUntil = this.parts.world.sim.now + SYNC_US;
  }

  get pending(): boolean {
    return this.jobs.some((job) => job !== null);
  }

  private takesNext(worker: number): void {
    if (this.jobs[worker] !== null) return;
    const revision = this.queues[worker].shift();
    if (revision === undefined) return;
    this.jobs[worker] = { rollouts: this.parts.planned.changed(revision), step: LIST_DEPLOYMENTS };
    this.goesOn(worker);
  }

  private goesOn(worker: number): void {
    const job = this.jobs[worker];
    if (job === null) return;
    this.schedule(this.clientOf(job).leaves(), worker, LEAVES);
  }

  private sends(worker: number, job: Job): void {
    const { world } = this.parts;
    const draw = world.random.operators.uniform(worker, 0, this.draws++);
    const answeredAt = this.clientOf(job).send(this.workOf(job), draw);
    if (answeredAt === REFUSED) this.schedule(world.sim.now + NO_SERVER_RETRY_US, worker, LEAVES);
    else this.schedule(answeredAt, worker, ANSWERED);
  }

  private answered(worker: number, job: Job): void {
    const { planned, rollOut } = this.parts;
    if (job.step >= UPDATE_DEPLOYMENT && job.step <= job.rollouts.length) {
      const rollout = job.rollouts[job.step - UPDATE_DEPLOYMENT];
      if (planned.isReady(rollout)) rollOut(rollout);
    }
    job.step++;
    if (job.step <= job.rollouts.length + OTHER_LISTS.length) {
      this.goesOn(worker);
      return;
    }
    this.jobs[worker] = null;
    this.takesNext(worker);
  }

  private clientOf({ step, rollouts }: Job): OperatorClient {
    const { clients } = this.parts;
    return step <= rollouts.length ? clients.apps : clients[OTHER_LISTS[step - rollouts.length - 1]];
  }

  /** CPU of the job's request, ns. */
  private workOf({ step, rollouts }: Job): number {
    const { costs } = this.parts.world.input.apiServer;
    const deployment = DEPLOYMENT_BYTES + OBJECT_OVERHEAD_BYTES;
    if (step === LIST_DEPLOYMENTS) return cpuNs(costs.list, this.parts.deploymentsPerNamespace * deployment);
    return step <= rollouts.length ? cpuNs(costs.write, deployment) : cpuNs(costs.list, 0);
  }

  private schedule(at: number, worker: number, step: number): void {
    const { world, firstEntity } = this.parts;
    world.sim.schedule(Math.round(at), EVENT.OPERATOR, firstEntity + worker, STEPS * this.epochs[worker] + step);
  }
}
