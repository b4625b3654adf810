import type { World } from '../world/world.js';
import type { Endpoint } from './callers.js';
import { SERVING, type ServerProcess, STOPPED } from './server-process.js';

/** TLS of a new connection; returns when it is done, µs. */
export function handshake(world: World, server: number, process: ServerProcess): number {
  const { input, load, sim } = world;
  const { connection } = input.apiServer.costs;
  const done = process.serve(sim.now, connection * (input.apiServer.cpuScale / 1e3), 0);
  load.addCpu(server, done, connection);
  return done;
}

/** The load balancer before the API servers: where new connections lead to. */
export class LoadBalancer implements Endpoint {
  private readonly candidates: number[] = [];

  constructor(
    private readonly world: World,
    private readonly processes: readonly ServerProcess[],
  ) {}

  /**
   * A load balancer sends new connections to ready servers; where it only looks whether they accept connections, or none
   * is ready, to those that do.
   */
  choose(draw: number): number {
    const { candidates, processes } = this;
    candidates.length = 0;
    const looksForReady = this.world.input.apiServer.loadBalancer === 'readyz';
    processes.forEach((process, server) => {
      if (looksForReady && process.ready && process.state === SERVING) candidates.push(server);
    });
    if (candidates.length === 0) {
      processes.forEach((process, server) => {
        if (process.state !== STOPPED && !process.stopping) candidates.push(server);
      });
    }
    return candidates.length === 0 ? -1 : candidates[Math.floor(draw * candidates.length)];
  }

  moved(from: number, to: number): void {
    if (from >= 0) this.processes[from].connect(-1);
    if (to >= 0) this.processes[to].connect(1);
  }

  connected(server: number, node: number): number {
    const process = this.processes[server];
    if (process.state === SERVING) return handshake(this.world, server, process);
    process.newConnections.push(node);
    return Infinity;
  }
}
