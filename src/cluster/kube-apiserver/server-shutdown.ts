import { SECOND_US } from '../../sim/units.js';
import type { GracefulShutdown } from '../model/model-input.js';
import { GO_AWAY_TIMEOUT_US, SEND_RETRY_AFTER_SHUTDOWN_TIMEOUT_US } from '../workload/graceful-shutdown.js';
import type { World } from '../world/world.js';
import { REQUEST, ROW, SEATS } from './requests.js';
import type { KilledProcess } from './killed-process.js';
import type { ServerProcess } from './server-process.js';
import type { Servers } from './servers.js';
import type { WatchDispatch } from './watch-dispatch.js';

/** Watches are ended at this rate at least (`genericapiserver.go` RunWithContext, ≥1.27). */
const DRAIN_PER_S_MIN = 200;
/** A process that may end looks so often whether its requests are done. */
const DRAINED_POLL_US = 100e3;

/** As without any of the flags. */
const AT_ONCE: GracefulShutdown = { delayUs: 0, sendRetryAfter: false, watchGraceUs: 0 };

/**
 * How an API server process ends (`apiserver/pkg/server/genericapiserver.go`): after the delay it takes no new requests.
 * Without a grace period for watches it then waits for open watches, in vain, and breaks them all when it ends. With one,
 * each watch is over for the server at that instant, so that it sends no more events; but its client is told one after
 * another, at max(200/s, watches ÷ grace period) (`RateLimitedSafeWaitGroup.Done`). That is a normal end: the client
 * watches on, from the version that it knows, at another server.
 *
 * The rate is taken of the watches that there are here: those of other resources, which would share it, are not counted
 * (assumption).
 */
export class ServerShutdown {
  private readonly flags: GracefulShutdown;
  /** When each server's process may end at the earliest. */
  private readonly mayEndAt: Float64Array;

  constructor(
    private readonly world: World,
    private readonly servers: Servers,
    private readonly dispatch: WatchDispatch,
  ) {
    this.flags = world.input.apiServer.gracefulShutdown ?? AT_ONCE;
    this.mayEndAt = new Float64Array(servers.processes.length);
  }

  /** From SIGTERM until no new requests are taken, µs. */
  get delayUs(): number {
    return this.flags.delayUs;
  }

  /** A server takes no new requests any more; returns when its process may end. */
  closes(server: number, process: ServerProcess): number {
    const { sim, input } = this.world;
    const { sendRetryAfter, watchGraceUs } = this.flags;
    if (sendRetryAfter) {
      process.turnsAllAway = true;
    } else {
      process.stopping = true;
      // Connections are sent away: what is new goes elsewhere, while open watches stay until the process ends.
      this.servers.connections.serverCloses(server);
    }
    let endsAt = sim.now + (sendRetryAfter ? SEND_RETRY_AFTER_SHUTDOWN_TIMEOUT_US : input.apiServer.shutdownUs);
    if (watchGraceUs > 0) {
      process.endsWatches = true;
      const drained = this.drains(server);
      this.servers.clusterWide.serverDrains(server, drained);
      endsAt = sim.now + drained + GO_AWAY_TIMEOUT_US;
    }
    this.mayEndAt[server] = Math.max(this.mayEndAt[server], endsAt);
    return this.mayEndAt[server];
  }

  /** When a process that may end looks again whether it can, for requests are under way; −1: it ends now. */
  waitsUntil(server: number, process: ServerProcess): number {
    const { sim, input } = this.world;
    if (!process.turnsAllAway && !process.endsWatches) return -1;
    if (sim.now >= this.mayEndAt[server] + input.apiServer.requestTimeoutUs || !this.isAnswering(server)) return -1;
    return sim.now + DRAINED_POLL_US;
  }

  /** The process has ended, killed or by itself: what it was doing is lost. */
  breaksOff(server: number, killed: KilledProcess | null): void {
    this.breakRequests(server, killed);
    this.breakStreams(server, killed);
    this.servers.clusterWide.serverGone(server, killed?.closes(-1) ?? 0);
  }

  /** Ends all watches of a server, whose clients are told in random order; returns how long that takes, µs. */
  private drains(server: number): number {
    const { population, sim, random, latencies } = this.world;
    const { storms, watchers } = this.servers;
    if (!watchers.watching) return 0;
    const open: number[] = [];
    for (let entry = 0; entry < population.entryCount; entry++)
      if (watchers.hasStreamAt(entry, server)) open.push(entry);
    if (open.length === 0) return 0;
    const storm = storms.begin(server, sim.now);
    const draws = Float64Array.from(open, (entry) =>
      random.watchDrain.uniform(latencies.nameHigh(entry), latencies.nameLow(entry), storm),
    );
    const order = Uint32Array.from(open.keys()).sort((a, b) => draws[a] - draws[b] || a - b);
    const perS = Math.max(DRAIN_PER_S_MIN, (open.length * SECOND_US) / this.flags.watchGraceUs);
    const told = (position: number): number => Math.round((position * SECOND_US) / perS);
    order.forEach((index, position) => {
      storms.lost(storm, open[index]);
      watchers.streamEnds(open[index], told(position) + Math.round(latencies.roundTripMedian / 2), false);
    });
    return told(open.length - 1);
  }

  /** True while a server is carrying out requests, or events are on their way from it. */
  private isAnswering(server: number): boolean {
    const { requests } = this.servers;
    for (let id = 0; id < requests.length; id++) {
      if (requests.server[id] !== server) continue;
      const state = requests.state[id];
      if (requests.verb[id] === ROW.EVENT_IN_FLIGHT && state === REQUEST.SENT) return true;
      if (state === REQUEST.IN_QUEUE || state === REQUEST.RUNNABLE || state === REQUEST.EXECUTING) return true;
    }
    return false;
  }

  private breakRequests(server: number, killed: KilledProcess | null): void {
    const { requests, connections } = this.servers;
    for (let id = 0; id < requests.length; id++) {
      const state = requests.state[id];
      if (
        requests.server[id] !== server ||
        state === REQUEST.FREE ||
        state === REQUEST.AT_CLIENT ||
        state === REQUEST.RETRY_AFTER
      )
        continue;
      if (requests.verb[id] === ROW.EVENT_IN_FLIGHT) {
        this.dispatch.gone(requests.subject[id]);
        requests.close(id);
        continue;
      }
      if (requests.seats[id] === SEATS.KEPT) requests.seats[id] = SEATS.NONE;
      if (state === REQUEST.LINGERING) requests.close(id);
      else if (state !== REQUEST.ANSWERED) connections.breaks(id, killed?.closes(requests.node[id]) ?? 0);
    }
  }

  /**
   * Watches of a process that was killed break with their connections, which clients notice later; one that ends by itself
   * destroys its storage last (`genericapiserver.go` RunWithContext: `defer s.Destroy()`, ≥1.25; before,
   * assumption): its watch caches end the watches, whose clients see that at once.
   */
  private breakStreams(server: number, killed: KilledProcess | null): void {
    const { population, sim, latencies } = this.world;
    const { storms, watchers, connections, processes } = this.servers;
    // Those whose watches have been ended are told of it as they would have been.
    if (!watchers.watching || processes[server].endsWatches) return;
    const storm = storms.begin(server, sim.now);
    const oneWay = Math.round(latencies.roundTripMedian / 2);
    for (let node = 0; node < population.nodeCount; node++) {
      const closed = killed?.closes(node) ?? 0;
      let place = 0;
      for (let entry = population.nodeEntryStart[node]; entry < population.nodeEntryStart[node + 1]; entry++) {
        if (!watchers.hasStreamAt(entry, server)) continue;
        storms.lost(storm, entry);
        const seen = killed === null ? oneWay : connections.noticesLoss(node, place++, storm, closed);
        watchers.streamEnds(entry, seen, true);
      }
    }
  }
}
