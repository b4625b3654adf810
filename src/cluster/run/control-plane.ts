import type { Simulator } from '../../sim/simulator.js';
import type { Latencies } from '../kube-apiserver/latencies.js';
import { Encryption } from '../kube-apiserver/encryption.js';
import { KmsSeeds } from '../kube-apiserver/kms-seeds.js';
import type { Etcd } from '../etcd/etcd.js';
import {
  ARRIVE,
  BORROW,
  CACHED,
  HANDSHAKE_LIMIT,
  LEAVE,
  QUEUE_LIMIT,
  READ_DUE,
  REFLECT,
  RESPONSE,
  RUNS,
  SEATS_FREE,
  SEND_WRITE,
  SERVED,
  SERVER,
} from '../model/events.js';
import { BORROWING_ADJUSTMENT_PERIOD_US } from '../kube-apiserver/flow-control.js';
import { GET, type Load, WRITE } from '../meters/load.js';
import { type RunInput, OBJECT_KINDS } from '../model/model-input.js';
import { NodeAuthorizer } from '../kube-apiserver/node-authorizer.js';
import type { Observer } from '../model/observer.js';
import type { Randomness } from '../model/randomness.js';
import type { RateLimiter } from '../model/rate-limiter.js';
import { ReflectorLoops } from '../client-go/reflector-loops.js';
import { RequestCosts } from '../kube-apiserver/request-costs.js';
import { RequestHandling } from '../kube-apiserver/request-handling.js';
import {
  EVENT_IN_FLIGHT,
  EXECUTING,
  IN_QUEUE,
  KEPT,
  LINGERING,
  Requests,
  RUNNABLE,
  SENT,
  TOKEN_REQUEST,
} from '../kube-apiserver/requests.js';
import { plannedRestarts } from '../workload/restarts.js';
import { RestClient } from '../client-go/rest-client.js';
import type { Traffic } from '../model/run-record.js';
import type { ObjectManager } from '../kubelet/secret-manager/manager.js';
import { ServerLifecycle } from '../kube-apiserver/server-lifecycle.js';
import { ServerProcess } from '../kube-apiserver/server-process.js';
import { StormLog } from '../meters/storm-log.js';
import { TokenManager } from '../kubelet/token-manager.js';
import type { Population } from '../population/population.js';
import { WatchDispatch } from '../kube-apiserver/watch-dispatch.js';
import { Writers } from '../client-go/writers.js';
import type { Writes } from '../workload/writes.js';

const SECRET = OBJECT_KINDS.indexOf('Secret');

/** What the control plane needs from the run. */
export interface ControlPlaneParts {
  readonly sim: Simulator;
  readonly input: RunInput;
  readonly population: Population;
  readonly etcd: Etcd;
  readonly writes: Writes;
  readonly latencies: Latencies;
  readonly load: Load;
  readonly limiter: RateLimiter;
  readonly observer: Observer | null;
  readonly random: Randomness;
}

/** What the control plane tells the kubelets. */
export interface ControlPlaneListener {
  /** A write has been committed. */
  committed(revision: number): void;
  /** The event of a revision has arrived at a kubelet. */
  received(entry: number, revision: number): void;
  /** A TokenRequest was answered, for which a read waits. */
  tokenAnswered(request: number, read: number): void;
}

/**
 * Everything between the kubelets and etcd where requests meet: clients and their connections, server
 * processes, flow control, watch caches and streams. All kubelets run in one event queue with it.
 */
export class ControlPlane {
  readonly requests = new Requests();
  readonly processes: readonly ServerProcess[];
  readonly lifecycle: ServerLifecycle;
  readonly client: RestClient;
  readonly loops: ReflectorLoops | null;
  readonly dispatch: WatchDispatch;
  readonly writers: Writers;
  readonly handling: RequestHandling;
  readonly storms: StormLog;
  readonly authorizer: NodeAuthorizer;
  readonly encryption: Encryption;
  readonly tokens: TokenManager;
  listener: ControlPlaneListener | null = null;
  manager: ObjectManager | null = null;

  constructor(private readonly parts: ControlPlaneParts) {
    const { sim, input, population, etcd, writes, latencies, load, limiter, random } = parts;
    const { requests } = this;
    const processes = Array.from({ length: input.apiServers }, () => new ServerProcess(input));
    this.processes = processes;
    const storms = new StormLog(population.entryCount);
    this.storms = storms;
    const secrets = population.objectKind.reduce((sum, kind) => (kind === SECRET ? sum + 1 : sum), 0);
    const encryption = new Encryption(
      input.apiServer.encryption,
      processes.length,
      secrets,
      new KmsSeeds(population, processes.length),
      random,
    );
    this.encryption = encryption;
    this.lifecycle = new ServerLifecycle({
      sim,
      input,
      population,
      requests,
      processes,
      latencies,
      load,
      storms,
      encryption,
    });
    this.client = new RestClient(
      sim,
      requests,
      limiter,
      population,
      random,
      input.behaviours,
      input.apiServer.goawayChance,
      input.network,
      this.lifecycle,
      latencies.serverOf,
    );
    this.loops =
      input.kubelet.strategy === 'Watch'
        ? new ReflectorLoops(
            population,
            latencies,
            load,
            input.behaviours,
            random,
            sim,
            requests,
            this.client,
            storms,
            input.kubelet.whatIf,
          )
        : null;
    this.tokens = new TokenManager(population, sim, requests, this.client, latencies, random, input.behaviours);
    this.dispatch = new WatchDispatch(
      sim,
      input,
      population,
      etcd,
      latencies,
      requests,
      processes,
      load,
      this.loops,
      encryption,
    );
    this.writers = new Writers(
      sim,
      population,
      requests,
      etcd,
      writes,
      random,
      this.lifecycle,
      latencies.roundTripMedian,
    );
    this.authorizer = new NodeAuthorizer(population, latencies, input.apiServer.nodeAuthorizer);
    this.handling = new RequestHandling(
      sim,
      input,
      population,
      requests,
      processes,
      latencies,
      load,
      this.loops,
      this.dispatch,
      this.writers,
      this.client,
      this.authorizer,
      encryption,
      new RequestCosts(input, population, requests, this.loops, this.dispatch, this.writers),
    );
    if (this.loops !== null) this.loops.observer = parts.observer;
    this.lifecycle.loops = this.loops;
    this.lifecycle.client = this.client;
    this.lifecycle.handling = this.handling;
    this.lifecycle.dispatch = this.dispatch;
    this.writers.listener = {
      committed: (revision) => {
        this.listener?.committed(revision);
        this.dispatch.committed(revision);
      },
    };
  }

  /** Schedules what the timeline does to servers and objects, and the servers' own clocks. */
  start(): void {
    const { sim, input, random, writes } = this.parts;
    for (const { server, at, downtimeUs, graceful } of plannedRestarts(input, random, (entry) => writes.spanOf(entry)))
      this.lifecycle.scheduleRestart(server, at, downtimeUs, graceful);
    this.writers.schedule();
    this.processes.forEach((process, server) => {
      process.cpu?.reset(sim.now);
      process.flow?.reset(sim.now);
      if (process.flow !== null) sim.schedule(sim.now + BORROWING_ADJUSTMENT_PERIOD_US, BORROW, server);
    });
  }

  /** Handles an event of requests or servers; false for events of other kinds. */
  handle(kind: number, entity: number, argument: number): boolean {
    const { requests, handling } = this;
    switch (kind) {
      case LEAVE:
        if (requests.generation[entity] === argument) this.client.due(entity);
        return true;
      case ARRIVE:
        if (requests.generation[entity] === argument) handling.arrive(entity);
        return true;
      case RUNS:
        if (requests.generation[entity] === argument) handling.runs(entity);
        return true;
      case SERVED:
        if (requests.generation[entity] === argument) handling.served(entity);
        return true;
      case RESPONSE:
        if (requests.generation[entity] === argument) this.response(entity);
        return true;
      case HANDSHAKE_LIMIT:
        this.client.handshakeLimit(entity, argument);
        return true;
      case QUEUE_LIMIT:
        if (requests.generation[entity] === argument) handling.queueLimit(entity);
        return true;
      case SEATS_FREE:
        if (requests.generation[entity] === argument && requests.seats[entity] === KEPT) handling.seatsFree(entity);
        return true;
      case REFLECT:
        this.loops?.timer(entity, argument);
        return true;
      case CACHED:
        this.dispatch.cached(entity, argument);
        return true;
      case SERVER:
        this.lifecycle.step(entity, argument);
        return true;
      case SEND_WRITE:
        this.writers.send(entity);
        return true;
      case READ_DUE:
        this.manager?.readDue(entity, argument);
        return true;
      case BORROW:
        this.borrow(entity);
        return true;
      default:
        return false;
    }
  }

  /** Where requests and watches stand. */
  traffic(): Traffic {
    const { client, writers, handling, loops } = this;
    const opened = loops?.opened ?? 0;
    const closed = loops?.closed ?? 0;
    return {
      sent: client.sent + writers.sent,
      answered: handling.answers.reduce((sum, count) => sum + count, 0),
      refused: client.refused + writers.refused,
      lost: client.lost,
      inFlight: this.inFlight(),
      watchesOpened: opened,
      watchesClosed: closed,
      watchesOpen: loops?.openNow() ?? 0,
    };
  }

  private inFlight(): number {
    const { requests } = this;
    let count = 0;
    for (let id = 0; id < requests.length; id++) {
      const { verb, state } = requests;
      if (
        verb[id] !== EVENT_IN_FLIGHT &&
        (state[id] === SENT || state[id] === IN_QUEUE || state[id] === RUNNABLE || state[id] === EXECUTING)
      )
        count++;
    }
    return count;
  }

  /** An answer, or an event, has reached its client. */
  private response(id: number): void {
    const { requests, dispatch } = this;
    const verb = requests.verb[id];
    if (verb === EVENT_IN_FLIGHT) {
      const entry = requests.subject[id];
      const revision = requests.revision[id];
      const server = requests.server[id];
      requests.close(id);
      dispatch.arrived(entry, server);
      this.listener?.received(entry, revision);
      return;
    }
    if (verb === WRITE) {
      this.writers.answered(id);
      if (requests.seats[id] === KEPT) requests.state[id] = LINGERING;
      else requests.close(id);
      return;
    }
    if (verb !== TOKEN_REQUEST) {
      const { observer, sim } = this.parts;
      observer?.answered(verb, requests.subject[id], requests.quorum[id] === 1, requests.status[id], sim.now);
    }
    if (!this.client.finished(id)) return;
    if (verb === GET) this.manager?.answered(id);
    else if (verb === TOKEN_REQUEST) this.listener?.tokenAnswered(id, requests.read[id]);
    else this.reflectorAnswered(id);
    requests.close(id);
  }

  private reflectorAnswered(id: number): void {
    const { loops, requests } = this;
    if (loops === null) return;
    // A stream that is open already brings its initial state.
    if (loops.isCurrent(id) && loops.isOpen(requests.subject[id]))
      loops.synced(requests.subject[id], requests.revision[id], this.parts.sim.now);
    else if (loops.isCurrent(id)) loops.answered(id);
  }

  private borrow(server: number): void {
    const { sim } = this.parts;
    const { flow } = this.processes[server];
    if (flow === null) return;
    flow.borrow(sim.now);
    this.handling.dispatchQueued(server);
    sim.schedule(sim.now + BORROWING_ADJUSTMENT_PERIOD_US, BORROW, server);
  }
}
