import { MINUTE_US } from '../../sim/units.js';
import { serverHello } from './load-balancer.js';
import type { Servers } from './servers.js';
import type { World } from '../world/world.js';
import { EVENT } from '../model/events.js';
import type { ServerLog } from '../meters/server-log.js';
import { type ObjectKind, OBJECT_KINDS } from '../model/kinds.js';
import type { RequestHandling } from './request-handling.js';
import { killedProcess, type KilledProcess } from './killed-process.js';
import { PostStartHooks } from './post-start-hooks.js';
import { SeatBorrowing } from './seat-borrowing.js';
import { DYING, LISTENING, SERVING, type ServerProcess, STOPPED } from './server-process.js';
import { ServerShutdown } from './server-shutdown.js';
import { informerListsAt } from './unready-cache.js';
import { StaticPods } from './static-pod.js';
import { decodeWorkers, fillWork, newestVersion } from './watch-cache-fill.js';
import type { WatchDispatch } from './watch-dispatch.js';

/** Steps in the life of a server process. */
const TERMINATE = 0;
const STOP = 1;
const LISTEN = 2;
const SERVE = 3;
const HOOKS_DONE = 4;
const LOOPBACK_DIALS = 15;
/** A watch cache is filled: one step for each kind of object. */
const FILLED: readonly number[] = [5, 6, 10, 11];
const KNOWS_SECRETS = 7;
const EXIT = 8;
const STORAGE_INITIALIZATION_TIMEOUT = 9;
const OUT_OF_MEMORY = 12;
const CLOSE = 13;
const GONE = 14;
const STEPS = 16;

/** `--storage-initialization-timeout` (`apiserver/pkg/server/config.go`, ≥1.31): then `/readyz` waits for no watch cache. */
const STORAGE_INITIALIZATION_TIMEOUT_US = MINUTE_US;

/**
 * API servers stop and start (`apiserver/pkg/server/genericapiserver.go`). A starting server first accepts
 * connections, which wait; then it serves; then it is ready, and load balancers send new connections. Ready means that
 * its post-start hooks are done, that its own informer of all Secrets has them (`kubeapiserver/options/authentication.go`
 * and `informer-sync` of `/readyz`, all releases), and from 1.36 on that every watch cache is filled
 * (`storage_readiness_hook.go`), for which it waits a minute at most.
 */
export class ServerLifecycle {
  readonly hooks: PostStartHooks;
  readonly borrowing: SeatBorrowing;
  /** From the end of a process to the start of the next, by restart, µs. */
  private readonly downtimes: number[] = [];
  private readonly perNs: number;
  private readonly pods: StaticPods;
  private readonly shutdown: ServerShutdown;

  constructor(
    private readonly world: World,
    private readonly servers: Servers,
    private readonly dispatch: WatchDispatch,
    private readonly handling: RequestHandling,
    private readonly log: ServerLog,
  ) {
    this.borrowing = new SeatBorrowing(world.sim, servers.processes, handling.admission);
    this.hooks = new PostStartHooks(world, servers.processes, {
      levelsRead: (server) => this.borrowing.levelsRead(server),
      hooksDone: (server) => this.hooksDone(servers.processes[server]),
      dialsAgain: (server, at) => this.next(server, LOOPBACK_DIALS, at),
    });
    this.perNs = world.input.apiServer.cpuScale / 1e3;
    this.pods = new StaticPods(servers.processes.length);
    this.shutdown = new ServerShutdown(world, servers, dispatch);
  }

  /** A server is killed at `at`, or told to end, and starts again `downtimeUs` after its process has ended. */
  scheduleRestart(server: number, at: number, downtimeUs: number, graceful: boolean): void {
    const restart = this.downtimes.push(downtimeUs) - 1;
    this.world.sim.schedule(at, EVENT.SERVER, server, restart * STEPS + (graceful ? TERMINATE : STOP));
  }

  /** A server needs more memory than its machine has: it is killed at this instant. */
  exceedsMemory(server: number): void {
    this.next(server, OUT_OF_MEMORY, this.world.sim.now);
  }

  /** A step in the life of a server. */
  step(server: number, argument: number): void {
    const process = this.servers.processes[server];
    const step = argument % STEPS;
    // What a restart does carries its number, what a process does the number of its incarnation.
    const number = Math.floor(argument / STEPS);
    switch (step) {
      case TERMINATE:
        this.terminates(server, process, number);
        return;
      case EXIT:
        if (process.terminating) this.exits(server, process, number);
        return;
      case CLOSE:
        if (process.terminating) this.closes(server, process, number);
        return;
      case STOP:
        this.isKilled(server, process, this.downtimes[number]);
        return;
      default:
        if (number === process.incarnation % 2 ** 20) this.starts(server, process, step);
    }
  }

  /** A step of a process on its way from its start until it is ready. */
  private starts(server: number, process: ServerProcess, step: number): void {
    switch (step) {
      case LISTEN:
        this.listens(server, process);
        return;
      case SERVE:
        this.serves(server, process);
        return;
      case HOOKS_DONE:
        this.hooksDone(process);
        return;
      case LOOPBACK_DIALS:
        this.hooks.dial(server);
        return;
      case KNOWS_SECRETS:
        process.knowsSecrets = true;
        this.becomesReady(process);
        return;
      case STORAGE_INITIALIZATION_TIMEOUT:
        process.cachesChecked = true;
        this.becomesReady(process);
        return;
      case OUT_OF_MEMORY:
        this.hasNoMemory(server, process);
        return;
      case GONE:
        this.isGone(server, process);
        return;
      default:
        this.filled(server, FILLED.indexOf(step));
    }
  }

  private terminates(server: number, process: ServerProcess, restart: number): void {
    const { sim } = this.world;
    if (!process.isUp) return;
    process.ready = false;
    process.terminating = true;
    const { delayUs } = this.shutdown;
    if (delayUs === 0) this.closes(server, process, restart);
    else sim.schedule(sim.now + delayUs, EVENT.SERVER, server, restart * STEPS + CLOSE);
  }

  /** A process that is told to end takes no new requests any more. */
  private closes(server: number, process: ServerProcess, restart: number): void {
    if (process.takesIn) process.tookInUntil = this.world.sim.now;
    const endsAt = this.shutdown.closes(server, process);
    this.world.sim.schedule(endsAt, EVENT.SERVER, server, restart * STEPS + EXIT);
  }

  /** A process that is told to end does so, or waits for requests that are under way. */
  private exits(server: number, process: ServerProcess, restart: number): void {
    const later = this.shutdown.waitsUntil(server, process);
    if (later < 0) this.stops(server, process, this.downtimes[restart], null);
    else this.world.sim.schedule(later, EVENT.SERVER, server, restart * STEPS + EXIT);
  }

  /** The kernel kills the process for lack of memory; the kubelet starts it again. */
  private hasNoMemory(server: number, process: ServerProcess): void {
    const { now } = this.world.sim;
    this.log.outOfMemory(server, now);
    this.isKilled(server, process, this.pods.restartsAfter(server, now));
  }

  /** A process is killed: it does nothing any more, but it takes its kernel a while to clear it away. */
  private isKilled(server: number, process: ServerProcess, downtimeUs: number): void {
    if (process.state === DYING) this.isGone(server, process);
    this.stops(server, process, downtimeUs, process.isUp ? killedProcess(this.world, server, process) : null);
  }

  /** Nothing is left of a process that was killed. */
  private isGone(server: number, process: ServerProcess): void {
    process.state = STOPPED;
    process.heldDials.length = 0;
    this.servers.connections.listenerGone(server);
    const { requests, connections } = this.servers;
    const held = process.held.splice(0);
    for (let i = 0; i < held.length; i += 2)
      if (requests.generation[held[i]] === held[i + 1]) connections.breaks(held[i], 0);
  }

  /** The process ends, and starts again `downtimeUs` later, `killed` or by itself. */
  private stops(server: number, process: ServerProcess, downtimeUs: number, killed: KilledProcess | null): void {
    const { sim, input } = this.world;
    if (process.state === SERVING) this.log.stops(sim.now);
    const listened = !process.stopping;
    const caches = OBJECT_KINDS.map((_, kind) => this.dispatch.caches(kind));
    process.ends(sim.now, input.behaviours.readyWaitsForCaches, caches);
    this.servers.connections.serverGone(server);
    this.shutdown.breaksOff(server, killed);
    process.terminating = false;
    process.turnsAllAway = false;
    process.endsWatches = false;
    this.servers.memory.cachesChanged(server);
    if (killed !== null && listened) {
      process.state = DYING;
      this.next(server, GONE, sim.now + killed.goneUs);
    }
    // No other process can listen at its address before.
    const free = killed === null ? 0 : killed.goneUs + 1;
    this.next(server, LISTEN, sim.now + Math.max(downtimeUs + input.apiServer.startup.listenUs, free));
  }

  /** The process has started and accepts connections; start-up work runs on one core. */
  private listens(server: number, process: ServerProcess): void {
    const { sim, input } = this.world;
    process.state = LISTENING;
    process.cacheFillsSince = sim.now;
    const work = input.apiServer.startup.serveCpuUs * input.apiServer.cpuScale;
    this.next(server, SERVE, process.serve(sim.now, work, 0) + input.apiServer.startup.waitUs);
  }

  private serves(server: number, process: ServerProcess): void {
    const { input } = this.world;
    process.listedVersion = newestVersion(this.servers.processes, this.world);
    process.state = SERVING;
    this.log.serves(this.world.sim.now);
    process.servesSince = this.world.sim.now;
    this.fillCaches(server, process);
    if (!process.cachesChecked)
      this.next(server, STORAGE_INITIALIZATION_TIMEOUT, process.servesSince + STORAGE_INITIALIZATION_TIMEOUT_US);
    const { sim } = this.world;
    const { requests } = this.servers;
    for (const dial of process.heldDials.splice(0)) {
      if (process.cpu === null) this.servers.connections.accepted(dial, serverHello(this.world, server, process));
      else process.connects(dial);
    }
    const held = process.held.splice(0);
    for (let i = 0; i < held.length; i += 2) {
      if (requests.generation[held[i]] === held[i + 1]) sim.schedule(sim.now, EVENT.ARRIVE, held[i], held[i + 1]);
    }
    const { startup, cpuScale } = input.apiServer;
    if (process.cpu !== null) this.hooks.begin(process.cpu);
    else this.next(server, HOOKS_DONE, process.serve(sim.now, startup.readyCpuUs * cpuScale, 0));
  }

  private hooksDone(process: ServerProcess): void {
    process.knowsPods = true;
    this.becomesReady(process);
  }

  private becomesReady(process: ServerProcess): void {
    const { cachesChecked, knowsPods, knowsSecrets, cacheReady } = process;
    if (knowsPods && knowsSecrets && (cachesChecked || cacheReady.every(Boolean))) process.ready = true;
  }

  private fillCaches(server: number, process: ServerProcess): void {
    OBJECT_KINDS.forEach((name, kind) => {
      if (!this.dispatch.caches(kind)) return;
      this.next(server, FILLED[kind], this.fillDone(server, process, name, kind));
    });
  }

  /** When all objects of a kind have been read and decoded. */
  private fillDone(server: number, process: ServerProcess, name: ObjectKind, kind: number): number {
    const { sim, input } = this.world;
    const { encryption } = this.servers;
    const { cacheFillPerObject, decrypt } = input.apiServer.costs;
    const encrypted = name === 'Secret' && encryption.decrypts;
    const objects = this.dispatch.objectsOf(kind);
    const { serial, beside, others } = fillWork(input.behaviours, objects, cacheFillPerObject, encrypted ? decrypt : 0);
    let done = process.serve(sim.now, serial * this.perNs, 0);
    for (let other = 0; other < others; other++) done = Math.max(done, process.serve(sim.now, beside * this.perNs, 0));
    const keys = encrypted ? encryption.fillWaitUs(server, decodeWorkers(input.behaviours), sim.now) : 0;
    return done + Math.round(keys);
  }

  private filled(server: number, kind: number): void {
    const { sim, latencies, input } = this.world;
    const process = this.servers.processes[server];
    // Its history begins with the version of the list that filled it: that of the beginning.
    process.caches[kind].initialise(process.listedVersion);
    latencies.cacheFrom[server] = sim.now;
    this.servers.told.begins(server, kind, process.listedVersion, process.cacheFillsSince, sim.now);
    this.handling.cacheFilled(server, kind);
    this.servers.memory.cachesChanged(server);
    if (OBJECT_KINDS[kind] === 'Secret')
      this.next(server, KNOWS_SECRETS, informerListsAt(input.behaviours, process, sim.now));
    this.becomesReady(process);
  }

  private next(server: number, step: number, at: number): void {
    const incarnation = this.servers.processes[server].incarnation % 2 ** 20;
    this.world.sim.schedule(at, EVENT.SERVER, server, incarnation * STEPS + step);
  }
}
