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

  accepts(): boolean {
    return this.findCandidates().length > 0;
  }

  choose(draw: number): number {
    const candidates = this.findCandidates();
    return candidates.length === 0 ? -1 : candidates[Math.floor(draw * candidates.length)];
  }

  /**
   * A load balancer sends new connections to ready servers; where it only looks whether they accept connections, or none
   * is ready, to those that do.
   */
  private findCandidates(): readonly number[] {
    const { candidates, processes } = this;
    candidates.length = 0;
    const looksForReady = this.world.input.apiServer.loadBalancer === 'readyz';
    for (let server = 0; looksForReady && server < processes.length; server++) {
      if (processes[server].ready && processes[server].state === SERVING) candidates.push(server);
    }
    if (candidates.length > 0) return candidates;
    for (let server = 0; server < processes.length; server++) {
      if (processes[server].state !== STOPPED && !processes[server].stopping) candidates.push(server);
    }
    return candidates;
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
