import { PairQueues } from '../../sim/pair-queues.js';
import type { Simulator } from '../../sim/simulator.js';
import { SECOND_US } from '../../sim/units.js';
import { ACCEPT_QUEUE_FULL, CONNECTION_REFUSED, type Endpoint } from '../kube-apiserver/callers.js';
import type { Requests } from '../kube-apiserver/requests.js';
import { EVENT } from '../model/events.js';
import type { Randomness } from '../model/randomness.js';
import type { Population } from '../population/population.js';
import type { World } from '../world/world.js';
import { CLIENT_CPU_US, type ClientCores } from './client-cores.js';
import { ClientHandshakes } from './client-handshakes.js';
import { Dials, STEP } from './dials.js';

/** `tlsHandshakeTimeout` (`client-go/transport/cache.go`): then the attempt is an error, but not a refusal. */
const TLS_HANDSHAKE_TIMEOUT_US = 10 * SECOND_US;
/** `net.Dialer.Timeout` of client-go (`transport/cache.go`): a connection that TCP has not set up by then is given up. */
const DIAL_TIMEOUT_US = 30 * SECOND_US;
/** Told of requests whose connection is there, or will not be. */
export interface TransportListener {
  /** A request may go to a server. */
  connected(request: number, server: number): void;
  /** Its connection was not set up in time. */
  unconnected(request: number): void;
  /** Its connection was reset, and its client knows at a time. */
  wasReset(request: number, knownAt: number): void;
  /** Its connection was refused, and its client knows at a time. */
  wasRefused(request: number, knownAt: number): void;
}

/**
 * The connections of the kubelets (`client-go/transport` over Go's `net/http`): HTTP/2, one for all requests of a node
 * while it lasts. Where there is none, each request that wants to go opens a connection of its own, for the transport
 * learns only from the TLS handshake that the server speaks HTTP/2 (`net/http/transport.go` queueForDial; findings/dial-per-request.sh:
 * 50 requests at once make 50 handshakes). The first one that is set up serves all of them, the others
 * are closed as soon as they are there; the server has done their handshakes all the same.
 *
 * A handshake of TLS 1.3 has the server work twice: for its ServerHello, after which the client is done, and on the
 * client's certificate, before it reads the first request.
 */
export class Transport {
  /** The server that each node's connection leads to; −1: it has none. */
  private readonly server: Int16Array;
  /** When the server reads the first request on it, µs. */
  private readonly readyAt: Float64Array;
  /** Connections that a node has begun to open so far, and that were set up: with each of those go all requests that wait. */
  private readonly begun: Uint32Array;
  private readonly established: Uint32Array;
  private readonly handshakes: ClientHandshakes;
  private readonly dials = new Dials();
  /** Requests that wait for a connection, by node: rows and generations. */
  private readonly waiting: PairQueues;
  private readonly oneWayUs: number;
  private readonly sim: Simulator;
  private readonly population: Population;
  private readonly random: Randomness;

  constructor(
    world: World,
    private readonly requests: Requests,
    private readonly endpoint: Endpoint,
    private readonly cores: ClientCores,
    private readonly listener: TransportListener,
  ) {
    const { population, input, latencies } = world;
    this.sim = world.sim;
    this.population = population;
    this.random = world.random;
    this.oneWayUs = Math.round(input.network.roundTrip.p50Us / 2);
    const { nodeArrives } = population;
    this.server = Int16Array.from(latencies.serverOf, (server, node) => (nodeArrives[node] === 1 ? -1 : server));
    for (const server of this.server) endpoint.moved(-1, server);
    this.readyAt = new Float64Array(population.nodeCount).fill(-Infinity);
    this.begun = new Uint32Array(population.nodeCount);
    this.established = new Uint32Array(population.nodeCount);
    this.waiting = new PairQueues(population.nodeCount);
    this.handshakes = new ClientHandshakes(world.sim, this.dials, requests, endpoint, cores, this.oneWayUs);
  }

  /** The server that a node's connection leads to; −1 where it has none. */
  serverOf(node: number): number {
    return this.server[node];
  }

  /** When a request that leaves a connected node now can be read by its server at the earliest, µs. */
  readableAt(node: number): number {
    return this.readyAt[node];
  }

  /** A connection that no server would accept is begun. */
  countRefused(node: number): void {
    this.begun[node]++;
  }

  /** When the client knows of a connection that it begins now and that no server accepts, µs. */
  refusalKnownAt(node: number): number {
    return this.cores.work(node, this.sim.now + 2 * this.oneWayUs, CLIENT_CPU_US.dialFailed);
  }

  /**
   * A request of a node without a connection wants to go: it waits while one is opened for it. Returns the server that
   * this leads to; −1: none accepts connections.
   */
  dial(request: number): number {
    const { sim, requests, dials } = this;
    const node = requests.node[request];
    const generation = requests.generation[request];
    const server = this.choose(node);
    if (server < 0) return -1;
    this.waiting.push(node, request, generation);
    const dial = dials.open(node, server, request, generation);
    dials.since[dial] = sim.now;
    dials.after[dial] = this.established[node];
    // Who dials a process that was killed does not come to its ClientHello.
    if (!this.endpoint.isDying(server)) this.handshakes.begins(dial);
    this.schedule(dial, STEP.SYN, dials.since[dial] + this.oneWayUs);
    return server;
  }

  /** A node that has just come is connected before it has pods, by the watch for them. Returns its server; −1: it is not. */
  connectNewcomer(node: number): number {
    if (this.population.nodeArrives[node] === 0 || this.begun[node] > 0) return -1;
    const server = this.choose(node);
    if (server < 0 || !this.endpoint.serves(server)) return -1;
    this.endpoint.addConnection(server);
    this.establish(node, server, this.sim.now);
    return server;
  }

  /** The next event of a connection that is being set up. */
  step(dial: number): void {
    switch (this.dials.step[dial]) {
      case STEP.SYN:
        this.reachesServer(dial);
        return;
      case STEP.SERVER_HELLO:
        this.dials.voidEvents(dial);
        this.handshakes.serverHello(dial, (at) => this.finished(dial, at));
        return;
      case STEP.CLIENT_FINISHED:
        this.endpoint.clientFinished(this.dials.server[dial], this.dials.used[dial] === 1 ? this.dials.node[dial] : -1);
        this.dials.close(dial);
        return;
      default:
        this.timesOut(dial);
    }
  }

  /** True where events of a generation are for what is in a row now. */
  isCurrent(dial: number, generation: number): boolean {
    return this.dials.generation[dial] === generation;
  }

  /** A request finds no server: `known` is told when its client knows, µs. */
  isRefused(request: number, known: (at: number) => void): void {
    this.handshakes.isRefused(request, known);
  }

  /** A server has accepted a connection; true where it has to wait for its ClientHello. */
  awaitsHello(dial: number, busy: boolean): boolean {
    return this.handshakes.awaitsHello(dial, busy);
  }

  /** A connection that was held until its server serves gets its ServerHello at `helloAt`. */
  accepted(dial: number, helloAt: number): void {
    const { dials } = this;
    dials.held[dial] = 0;
    if (dials.step[dial] === STEP.ABANDONED) dials.close(dial);
    else this.expectHello(dial, helloAt);
  }

  /** A node loses its connection, if it has one. */
  disconnect(node: number): void {
    this.endpoint.moved(this.server[node], -1);
    this.server[node] = -1;
  }

  /** A node leaves the cluster. */
  nodeGone(node: number): void {
    const { dials } = this;
    this.disconnect(node);
    while (this.waiting.shift(node));
    for (let dial = 0; dial < dials.length; dial++)
      if (dials.server[dial] >= 0 && dials.node[dial] === node && dials.held[dial] === 0) dials.close(dial);
  }

  /** A server takes no new requests: its clients open connections to others for them. */
  serverCloses(server: number): void {
    for (let node = 0; node < this.server.length; node++) if (this.server[node] === server) this.disconnect(node);
  }

  /** A server is gone: connections that lead to it are broken, and those that would have. */
  serverGone(server: number): void {
    this.serverCloses(server);
    const { dials } = this;
    for (let dial = 0; dial < dials.length; dial++) if (dials.server[dial] === server) dials.close(dial);
  }

  /** The kernel of a server that was killed closes its listening socket: connections that it has accepted are reset. */
  listenerGone(server: number): void {
    const { dials } = this;
    for (let dial = 0; dial < dials.length; dial++) {
      if (dials.server[dial] !== server || dials.held[dial] === 0) continue;
      const request = this.giveUp(dial);
      if (request >= 0) this.handshakes.isReset(request, (at) => this.listener.wasReset(request, at));
    }
  }

  private choose(node: number): number {
    const { nodeNameHigh, nodeNameLow } = this.population;
    const draw = this.random.connection.uniform(nodeNameHigh[node], nodeNameLow[node], 2 + this.begun[node]++);
    return this.endpoint.choose(draw);
  }

  /** TCP reaches the server: accepted, held until it serves, or not noticed, for the queue is full. */
  private reachesServer(dial: number): void {
    const { dials, sim, endpoint } = this;
    const helloAt = endpoint.accept(dials.server[dial], dial);
    if (helloAt === CONNECTION_REFUSED) {
      const request = this.giveUp(dial);
      if (request >= 0) this.handshakes.isReset(request, (at) => this.listener.wasRefused(request, at));
      return;
    }
    if (helloAt === ACCEPT_QUEUE_FULL) {
      const next = dials.nextSyn(dial);
      const givenUp = dials.since[dial] + DIAL_TIMEOUT_US;
      if (next < givenUp) this.schedule(dial, STEP.SYN, next);
      else this.schedule(dial, STEP.TIMEOUT, givenUp);
      return;
    }
    dials.held[dial] = helloAt === Infinity ? 1 : 0;
    if (!endpoint.isDying(dials.server[dial])) this.handshakes.isSetUp(dial);
    dials.limit[dial] = sim.now + this.oneWayUs + TLS_HANDSHAKE_TIMEOUT_US;
    this.expectHello(dial, helloAt);
  }

  /** The ServerHello of a connection will be sent at a time, Infinity: nobody knows when; its client waits for it. */
  private expectHello(dial: number, helloAt: number): void {
    const limit = this.dials.limit[dial];
    const arrives = helloAt + this.oneWayUs;
    if (arrives <= limit) this.schedule(dial, STEP.SERVER_HELLO, arrives);
    else this.schedule(dial, STEP.TIMEOUT, limit);
  }

  /** A client has set up a connection, which is of use where its node has none. */
  private finished(dial: number, at: number): void {
    const { dials } = this;
    const node = dials.node[dial];
    const server = dials.server[dial];
    const arrives = at + this.oneWayUs;
    this.schedule(dial, STEP.CLIENT_FINISHED, arrives);
    if (this.server[node] >= 0) return;
    dials.used[dial] = 1;
    this.endpoint.finishes(server, node);
    this.establish(node, server, arrives);
  }

  /** A node is connected; requests are read from `readyAt` on, and those that waited go. */
  private establish(node: number, server: number, readyAt: number): void {
    this.server[node] = server;
    this.established[node]++;
    this.readyAt[node] = readyAt;
    this.endpoint.moved(-1, server);
    const { waiting } = this;
    while (waiting.shift(node)) {
      const { first: request, second: generation } = waiting;
      if (this.requests.generation[request] === generation) this.listener.connected(request, server);
    }
  }

  /** A connection is given up: its request fails, unless another connection has come for it. */
  private timesOut(dial: number): void {
    const { dials } = this;
    const request = this.waitingFor(dial);
    if (dials.held[dial] === 1) dials.step[dial] = STEP.ABANDONED;
    else dials.close(dial);
    if (request >= 0) this.listener.unconnected(request);
  }

  /** A connection will not be set up; returns the request that waits for it, −1: none does. */
  private giveUp(dial: number): number {
    const request = this.waitingFor(dial);
    this.dials.close(dial);
    return request;
  }

  /** The request that waits for a connection, unless another one has come for it, with which it has gone; −1: none does. */
  private waitingFor(dial: number): number {
    const { dials, requests, established } = this;
    const request = dials.request[dial];
    if (established[dials.node[dial]] !== dials.after[dial] || dials.step[dial] === STEP.ABANDONED) return -1;
    return requests.generation[request] === dials.requestGeneration[dial] ? request : -1;
  }

  private schedule(dial: number, step: number, at: number): void {
    const { dials, sim } = this;
    dials.voidEvents(dial);
    dials.step[dial] = step;
    sim.schedule(at, EVENT.DIAL, dial, dials.generation[dial]);
  }
}
