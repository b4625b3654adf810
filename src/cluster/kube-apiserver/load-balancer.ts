import type { World } from '../world/world.js';
import type { RunInput } from '../model/model-input.js';
import { ACCEPT_QUEUE_FULL, CONNECTION_REFUSED, type Endpoint } from './callers.js';
import { WRITER_NS } from './frame-writers.js';
import { GOROUTINE } from './goroutines.js';
import { DYING, SERVING, type ServerProcess, STOPPED } from './server-process.js';

/**
 * What of a handshake's work comes before the ServerHello: key exchange and signature; the rest, for the client's
 * certificate, after it. Assumption, as `CostTable.connection`: of its handshakes 0.36 of
 * 0.52 ms came before the client's certificate.
 */
const SERVER_HELLO_SHARE = 0.69;
/** CPU of a new connection up to its ServerHello, ns; `busy`: it finds no core idle. */
export function helloNs(input: RunInput, busy: boolean): number {
  return Math.round(connectionNs(input, busy) * SERVER_HELLO_SHARE);
}

/** The same once it is accepted, µs. */
export function helloUs(input: RunInput, { acceptUs }: ServerProcess, busy: boolean): number {
  return Math.max(0, (helloNs(input, busy) * input.apiServer.cpuScale) / 1e3 - acceptUs);
}

/** The rest of a new connection's CPU, ns. */
export function finishedNs(input: RunInput, busy: boolean): number {
  return Math.round(connectionNs(input, busy)) - helloNs(input, busy);
}

function connectionNs({ apiServer: { costs } }: RunInput, busy: boolean): number {
  return busy ? costs.connection * costs.busyShare.connection : costs.connection;
}

/** A part of the work for a new TLS connection, which begins now; returns when it is done, µs. */
function handshake(world: World, server: number, process: ServerProcess, share: number): number {
  const { input, load, sim } = world;
  const costNs = Math.round(input.apiServer.costs.connection * share);
  const done = process.serve(sim.now, costNs * (input.apiServer.cpuScale / 1e3), 0);
  load.addCpu(server, done, costNs);
  return done;
}

/** A server answers a ClientHello; returns when, µs. */
export function serverHello(world: World, server: number, process: ServerProcess): number {
  return handshake(world, server, process, SERVER_HELLO_SHARE);
}

/** The load balancer before the API servers: where new connections lead to. */
export class LoadBalancer implements Endpoint {
  /** Those that a new connection may lead to, the first of this array. */
  private readonly candidates: Int32Array;

  constructor(
    private readonly world: World,
    private readonly processes: readonly ServerProcess[],
  ) {
    this.candidates = new Int32Array(processes.length);
  }

  accepts(): boolean {
    return this.findCandidates() > 0;
  }

  choose(draw: number): number {
    const count = this.findCandidates();
    return count === 0 ? -1 : this.candidates[Math.floor(draw * count)];
  }

  /**
   * A load balancer sends new connections to ready servers; where it only looks whether they accept connections, or none
   * is ready, to those that do. Returns how many they are.
   */
  private findCandidates(): number {
    const { candidates, processes } = this;
    let count = 0;
    const looksForReady = this.world.input.apiServer.loadBalancer === 'readyz';
    for (let server = 0; looksForReady && server < processes.length; server++) {
      if (processes[server].ready && processes[server].state === SERVING) candidates[count++] = server;
    }
    if (count > 0) return count;
    for (let server = 0; server < processes.length; server++) {
      if (processes[server].state !== STOPPED && !processes[server].stopping) candidates[count++] = server;
    }
    return count;
  }

  moved(from: number, to: number): void {
    if (from >= 0) this.processes[from].connect(-1);
    if (to >= 0) this.processes[to].connect(1);
  }

  serves(server: number): boolean {
    return this.processes[server].state === SERVING;
  }

  isDying(server: number): boolean {
    return this.processes[server].state === DYING;
  }

  accept(server: number, dial: number): number {
    const process = this.processes[server];
    if (process.state === STOPPED) return CONNECTION_REFUSED;
    if (process.state === SERVING && process.cpu === null) return serverHello(this.world, server, process);
    if (process.acceptQueueIsFull) return ACCEPT_QUEUE_FULL;
    if (process.state === SERVING) process.connects(dial);
    else process.heldDials.push(dial);
    return Infinity;
  }

  helloArrives(server: number, dial: number, busy: boolean): void {
    const process = this.processes[server];
    process.cpu?.netReady(GOROUTINE.SERVER_HELLO, dial, busy ? 1 : 0, helloUs(this.world.input, process, busy));
  }

  finishes(server: number, node: number): void {
    const { cpu, shakesHands } = this.processes[server];
    if (cpu !== null) shakesHands[node] = 1;
  }

  clientFinished(server: number, node: number): void {
    const { input, load, sim } = this.world;
    const { cpu } = this.processes[server];
    const busy = cpu?.isBusy ?? false;
    const costNs = finishedNs(input, busy);
    load.addCpu(server, sim.now, costNs);
    // The rest writes the settings (FrameWriters.begins).
    const workNs = Math.max(0, costNs - WRITER_NS);
    cpu?.netReady(GOROUTINE.CLIENT_FINISHED, node, 0, workNs * (input.apiServer.cpuScale / 1e3));
  }

  addConnection(server: number): void {
    handshake(this.world, server, this.processes[server], 1);
  }
}
