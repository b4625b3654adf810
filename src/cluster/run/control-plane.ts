import { ClusterWatchers } from '../client-go/cluster-watchers.js';
import type { RestClient } from '../client-go/rest-client.js';
import { Writers } from '../client-go/writers.js';
import type { Watchers } from '../kube-apiserver/callers.js';
import type { NodeAuthorizer } from '../kube-apiserver/node-authorizer.js';
import { RequestCosts } from '../kube-apiserver/request-costs.js';
import { RequestHandling } from '../kube-apiserver/request-handling.js';
import { isPost, type Requests, SEATS, STATUS, ROW, REQUEST } from '../kube-apiserver/requests.js';
import { ServerGoroutines } from '../kube-apiserver/server-goroutines.js';
import { ServerLifecycle } from '../kube-apiserver/server-lifecycle.js';
import type { ServerProcess } from '../kube-apiserver/server-process.js';
import { ServerMemory } from '../kube-apiserver/server-memory.js';
import type { Servers } from '../kube-apiserver/servers.js';
import { WatchDispatch } from '../kube-apiserver/watch-dispatch.js';
import { ServerLog } from '../meters/server-log.js';
import { EVENT } from '../model/events.js';
import type { Traffic } from '../model/run-record.js';
import { VERB } from '../model/verbs.js';
import type { ServerFigures } from '../record/server-figures.js';
import { plannedReloads } from '../workload/key-rotation.js';
import { plannedRestarts } from '../workload/restarts.js';
import type { World } from '../world/world.js';
import type { ClientSide } from './client-side.js';

/** What the control plane tells the kubelets. */
export interface ControlPlaneListener {
  /** A write has been committed. */
  committed(revision: number): void;
  /** The event of a revision has arrived at a kubelet. */
  received(entry: number, revision: number): void;
  /** A GET was answered. */
  answered(request: number): void;
  /** A read that waits looks again, or gives up. */
  readDue(read: number, generation: number): void;
  /** A TokenRequest was answered, for which a read waits. */
  tokenAnswered(request: number, read: number): void;
  /** A write was answered of what an operator has brought. */
  written(write: number): void;
}

/**
 * Everything between the kubelets and etcd where requests meet: clients and their connections, server
 * processes, flow control, watch caches and streams. All kubelets run in one event queue with it.
 */
export class ControlPlane {
  readonly writers: Writers;
  private readonly requests: Requests;
  private readonly processes: readonly ServerProcess[];
  private readonly client: RestClient;
  private readonly servers: Servers;
  private readonly dispatch: WatchDispatch;
  private readonly handling: RequestHandling;
  private readonly goroutines: ServerGoroutines;
  private readonly lifecycle: ServerLifecycle;
  private readonly log: ServerLog;
  private readonly clusterWatchers: ClusterWatchers;

  constructor(
    private readonly world: World,
    side: ClientSide,
    private readonly watchers: Watchers,
    authorizer: NodeAuthorizer,
    private readonly listener: ControlPlaneListener,
  ) {
    const { requests, processes, encryption, storms, told, client, balancer } = side;
    this.requests = requests;
    this.processes = processes;
    this.client = client;
    this.writers = new Writers(world, requests, balancer, (write) => listener.written(write));
    const memory = new ServerMemory(world, processes, (server) => this.lifecycle.exceedsMemory(server));
    const writing = this.writers;
    this.clusterWatchers = new ClusterWatchers(world, processes, balancer);
    const callers = { connections: client, watchers, clusterWide: this.clusterWatchers, writing };
    this.servers = { requests, processes, memory, encryption, storms, told, ...callers };
    this.dispatch = new WatchDispatch(world, this.servers);
    const costs = new RequestCosts(world, this.servers, this.dispatch);
    this.handling = new RequestHandling(world, this.servers, this.dispatch, authorizer, costs, (revision) =>
      listener.committed(revision),
    );
    this.log = new ServerLog(processes.length);
    this.lifecycle = new ServerLifecycle(world, this.servers, this.dispatch, this.handling, this.log);
    const { admission } = this.handling;
    this.goroutines = new ServerGoroutines(world, this.servers, admission, this.handling, this.lifecycle.hooks);
  }

  /** Schedules what the timeline does to servers and objects, and the servers' own clocks. */
  start(): void {
    const { sim, input, random, writes } = this.world;
    const rewritingUs = (entry: number): number => writes.spanOf(entry);
    for (const { server, at, downtimeUs, graceful } of plannedRestarts(input, random, rewritingUs))
      this.lifecycle.scheduleRestart(server, at, downtimeUs, graceful);
    for (const { server, at, providers } of plannedReloads(input, random, rewritingUs))
      sim.schedule(at, EVENT.RELOAD, server, providers);
    this.writers.schedule();
    this.clusterWatchers.start();
    this.processes.forEach((process, server) => {
      process.cpu?.reset(sim.now);
      process.flow?.reset(sim.now);
      this.lifecycle.borrowing.levelsRead(server);
      this.servers.memory.grown(server);
    });
  }

  /** Handles an event of requests or servers; false for events of other kinds. */
  handle(kind: number, entity: number, argument: number): boolean {
    const { requests, handling } = this;
    switch (kind) {
      case EVENT.LEAVE:
        if (requests.generation[entity] === argument) this.client.due(entity);
        return true;
      case EVENT.ARRIVE:
        if (requests.generation[entity] === argument) handling.admission.arrive(entity);
        return true;
      case EVENT.CORE:
        this.processes[entity].cpu?.coreDone(argument, this.goroutines);
        return true;
      case EVENT.SERVED:
        if (requests.generation[entity] === argument) handling.answered(entity);
        return true;
      case EVENT.RESPONSE:
        if (requests.generation[entity] === argument) this.response(entity);
        return true;
      case EVENT.CLIENT_CORE:
        this.client.coreEvent(argument);
        return true;
      case EVENT.DIAL:
        this.client.dialStep(entity, argument);
        return true;
      case EVENT.QUEUE_LIMIT:
        handling.admission.queueLimit();
        return true;
      case EVENT.SEATS_FREE:
        if (requests.generation[entity] === argument && requests.seats[entity] === SEATS.KEPT)
          handling.admission.seatsFree(entity);
        return true;
      case EVENT.REFLECT:
        this.watchers.timer(entity, argument);
        return true;
      case EVENT.CACHED:
        this.dispatch.cached(entity, argument);
        handling.cacheAdvanced(entity, argument);
        return true;
      case EVENT.FRESH:
        if (requests.generation[entity] === argument) handling.looksAgain(entity);
        return true;
      case EVENT.SERVER:
        this.lifecycle.step(entity, argument);
        return true;
      case EVENT.RELOAD:
        // A server that is down reads the configuration when it starts.
        if (this.processes[entity].isUp) this.servers.encryption.reloads(entity, argument, this.world.sim.now);
        return true;
      case EVENT.CLUSTER_WATCHER:
        this.clusterWatchers.timer(entity, argument);
        return true;
      case EVENT.SEND_WRITE:
        this.writers.send(entity);
        return true;
      case EVENT.READ_DUE:
        this.listener.readDue(entity, argument);
        return true;
      case EVENT.BORROW:
        this.lifecycle.borrowing.adjust(entity, argument);
        return true;
      default:
        return false;
    }
  }

  /** What the servers have counted. */
  figures(): Omit<ServerFigures, 'tokenRequests' | 'reloadedPods'> {
    const { servers, processes, dispatch, handling, log } = this;
    return {
      // What has no memory for its objects is killed before the measured time begins, too.
      storms: servers.storms.records().filter(({ atS }) => atS >= 0),
      traffic: this.traffic(),
      gone: handling.answers.counts[STATUS.GONE],
      cachedEventBytes: servers.memory.eventBytes(),
      kmsCalls: servers.encryption.calls,
      terminated: dispatch.terminated,
      longestWaitUs: handling.admission.longestWaitUs,
      isOverloaded: processes.some(({ backgroundShare }) => backgroundShare >= 1),
      allStopped: processes.every(({ isUp }) => !isUp),
      unanswered: this.writers.unanswered,
      outOfMemory: log.kills,
      fewestServing: log.fewestServing(this.world.input.durationUs),
    };
  }

  /** Where requests and watches stand. */
  private traffic(): Traffic {
    const { client, writers, handling, watchers } = this;
    return {
      sent: client.sent + writers.sent,
      answered: handling.answers.counts.reduce((sum, count) => sum + count, 0),
      refused: client.refused + writers.refused,
      lost: client.lost,
      inFlight: this.inFlight(),
      watchesOpened: watchers.opened,
      watchesClosed: watchers.closed,
      watchesOpen: watchers.openNow(),
    };
  }

  private inFlight(): number {
    const { requests } = this;
    let count = 0;
    for (let id = 0; id < requests.length; id++) {
      const { verb, state } = requests;
      if (
        verb[id] !== ROW.EVENT_IN_FLIGHT &&
        (state[id] === REQUEST.SENT ||
          state[id] === REQUEST.IN_QUEUE ||
          state[id] === REQUEST.RUNNABLE ||
          state[id] === REQUEST.EXECUTING)
      )
        count++;
    }
    return count;
  }

  /** An answer, or an event, has reached its client. */
  private response(id: number): void {
    const { requests, dispatch } = this;
    const verb = requests.verb[id];
    if (verb === ROW.EVENT_IN_FLIGHT) {
      const entry = requests.subject[id];
      const revision = requests.revision[id];
      const server = requests.server[id];
      requests.close(id);
      dispatch.arrived(entry, server);
      this.listener.received(entry, revision);
      return;
    }
    if (verb === VERB.WRITE) {
      this.writers.answered(id);
      if (requests.seats[id] === SEATS.KEPT) requests.state[id] = REQUEST.LINGERING;
      else requests.close(id);
      return;
    }
    if (!isPost(verb)) {
      const { observer, sim } = this.world;
      const [quorum, initial] = [requests.quorum[id] === 1, requests.initial[id] === 1];
      observer.answered(verb, requests.subject[id], quorum, initial, requests.status[id], sim.now);
    }
    if (!this.client.finished(id)) return;
    if (verb === VERB.GET || verb === ROW.CERTIFICATE_REQUEST) this.listener.answered(id);
    else if (verb === ROW.TOKEN_REQUEST) this.listener.tokenAnswered(id, requests.read[id]);
    else this.watchers.responded(id);
    requests.close(id);
  }
}
