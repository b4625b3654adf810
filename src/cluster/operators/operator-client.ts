import { SECOND_US } from '../../sim/units.js';
import type { Endpoint } from '../kube-apiserver/callers.js';
import { SERVING, type ServerProcess } from '../kube-apiserver/server-process.js';
import type { OperatorLoad } from '../meters/operator-load.js';
import { RateLimiter } from '../model/rate-limiter.js';
import type { World } from '../world/world.js';

/** How long a client waits that finds no server (assumption: client-go's 1 s). */
export const NO_SERVER_RETRY_US = SECOND_US;
/** What `send` returns where no server takes the request. */
export const REFUSED = -1;

/** What a client may send: requests per second, and at once. */
interface Limits {
  readonly qps: number;
  readonly burst: number;
}

/**
 * An operator's client of the API servers: its own limit, and its requests for what is neither a Secret nor a ConfigMap
 * (status of its own objects, Deployments). They take CPU of a server, and count as the operator's; Secrets and ConfigMaps
 * are written by `client-go/writers`, after the same limit. Assumptions: such a request takes as long as a write; seats of
 * its priority level are never scarce.
 */
export class OperatorClient {
  private readonly limiter: RateLimiter | null;

  /** `limits`: null where the client has none. */
  constructor(
    private readonly world: World,
    private readonly load: OperatorLoad,
    private readonly processes: readonly ServerProcess[],
    private readonly endpoint: Endpoint,
    limits: Limits | null,
  ) {
    this.limiter = limits === null ? null : new RateLimiter(1, limits.qps, limits.burst);
  }

  /** When a request may leave that is to be sent now, µs. */
  leaves(): number {
    const { now } = this.world.sim;
    return this.limiter === null ? now : this.limiter.take(0, now);
  }

  /** A write of an object of the population is sent. */
  countsWrite(at: number): void {
    this.load.requests.count(at);
  }

  /** Sends a request now that costs `ns` of CPU; `draw` in [0, 1) chooses its server. Returns when it is answered, or REFUSED. */
  send(ns: number, draw: number): number {
    const { sim, input, load, latencies } = this.world;
    const server = this.endpoint.choose(draw);
    if (server < 0 || this.processes[server].state !== SERVING) return REFUSED;
    this.load.requests.count(sim.now);
    const { cpuScale, write } = input.apiServer;
    const done = this.processes[server].serve(sim.now, (ns * cpuScale) / 1e3, write.p50Us);
    load.addCpu(server, sim.now, ns);
    return done + latencies.roundTripMedian;
  }
}
