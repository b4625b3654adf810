import type { Simulator } from '../../sim/simulator.js';
import type { DurationLaw } from '../../sim/distributions.js';
import { latencyLaw } from '../model/latency.js';
import { EVENT } from '../model/events.js';
import { VERB } from '../model/verbs.js';
import type { Connections, Endpoint } from '../kube-apiserver/callers.js';
import type { World } from '../world/world.js';
import type { Randomness } from '../model/randomness.js';
import type { RateLimiter } from '../model/rate-limiter.js';
import { type Requests, REQUEST, STATUS } from '../kube-apiserver/requests.js';
import type { Population } from '../population/population.js';
import type { Behaviours } from '../model/versions.js';
import { CLIENT_CPU_US, ClientCores, NOTHING } from './client-cores.js';
import { retryAfterUs } from './retries.js';
import { Transport, type TransportListener } from './transport.js';

/**
 * The API clients of the kubelets (`client-go/rest`): one rate limiter and one set of HTTP/2 connections per node. A
 * connection leads to one server until it breaks or is sent away.
 */
export class RestClient implements Connections, TransportListener {
  /** Attempts to send a request. */
  sent = 0;
  /** Attempts that found no server. */
  refused = 0;
  /** Requests whose connection broke. */
  lost = 0;
  private readonly roundTripUs: number;
  private readonly loss: DurationLaw;
  private readonly cores: ClientCores;
  private readonly transport: Transport;
  /** Requests that a server could have sent away, by node. */
  private readonly draws: Uint32Array;
  /** Streams open at a node: watches, and requests under way. */
  private readonly streams: Int32Array;
  /** Requests that wait for a free stream, by node, where clients block. */
  private readonly waiting = new Map<number, number[]>();
  private readonly sim: Simulator;
  private readonly limiter: RateLimiter;
  private readonly population: Population;
  private readonly random: Randomness;
  private readonly behaviours: Behaviours;
  private readonly goawayChance: number;

  constructor(
    world: World,
    private readonly requests: Requests,
    private readonly endpoint: Endpoint,
  ) {
    const { input, population } = world;
    this.sim = world.sim;
    this.limiter = world.limiter;
    this.population = population;
    this.random = world.random;
    this.behaviours = input.behaviours;
    this.goawayChance = input.apiServer.goawayChance;
    this.roundTripUs = input.network.roundTrip.p50Us;
    this.loss = latencyLaw(input.network.connectionLoss);
    this.cores = new ClientCores(world, requests);
    this.transport = new Transport(world, requests, endpoint, this.cores, this);
    this.draws = new Uint32Array(population.nodeCount);
    this.streams = new Int32Array(population.nodeCount);
  }

  /** EVENT.CLIENT_CORE. */
  coreEvent(argument: number): void {
    this.cores.handle(argument);
  }

  /** The server that a node's connection leads to; 0 where it has none. */
  serverOf(node: number): number {
    return Math.max(0, this.transport.serverOf(node));
  }

  /**
   * Sends a request: LIST and GET take a token of the kubelet's limiter, WATCH does not; what the client sends again
   * takes one in any case (`rest/with_retry.go` Before).
   */
  send(request: number): void {
    const { requests, sim } = this;
    const throttled = requests.verb[request] !== VERB.WATCH || requests.attempts[request] > 0;
    const leaves = throttled ? this.limiter.take(requests.node[request], sim.now) : sim.now;
    if (leaves > sim.now) sim.schedule(leaves, EVENT.LEAVE, request, requests.generation[request]);
    else this.leave(request);
  }

  /** True where a request of a node that leaves now finds no server. */
  findsNone(node: number): boolean {
    const isFree = !this.cores.areOne && !this.behaviours.streamsBlock;
    return isFree && this.transport.serverOf(node) < 0 && !this.endpoint.accepts();
  }

  /** Such a request leaves; returns when its client knows that there is no server, µs. */
  refuse(node: number): number {
    this.sent++;
    this.refused++;
    this.transport.countRefused(node);
    this.requests.refuse(this.sim.now + this.roundTripUs);
    return this.transport.refusalKnownAt(node);
  }

  /** The time has come for which the limiter held a request back, or for which a server told it to wait. */
  due(request: number): void {
    if (this.requests.state[request] !== REQUEST.RETRY_AFTER) {
      this.leave(request);
      return;
    }
    this.requests.state[request] = REQUEST.AT_CLIENT;
    this.send(request);
  }

  /** The request leaves the kubelet, if a stream is free and a server can be reached. */
  private leave(request: number): void {
    const node = this.requests.node[request];
    if (this.behaviours.streamsBlock && this.streams[node] >= this.behaviours.http2MaxStreams) {
      const queue = this.waiting.get(node) ?? [];
      this.waiting.set(node, queue);
      queue.push(request);
      return;
    }
    this.streams[node]++;
    this.transmit(request);
  }

  /** The answer to a request has come back, or an error. True where its owner has to know; else it is sent again. */
  finished(request: number): boolean {
    const { requests, sim } = this;
    this.freeStream(requests.node[request]);
    const wait = retryAfterUs(requests, request, this.behaviours);
    if (wait < 0) return true;
    requests.attempts[request]++;
    requests.state[request] = REQUEST.RETRY_AFTER;
    sim.schedule(sim.now + wait, EVENT.LEAVE, request, requests.generation[request]);
    return false;
  }

  /** A WATCH has become a stream: the request is over. */
  becameStream(request: number): void {
    if (this.cores.areOne) this.cores.takesIn(request, this.sim.now + this.requests.oneWay[request], NOTHING);
    this.freeStream(this.requests.node[request]);
    this.requests.close(request);
  }

  /** What a request is answered arrives at its client at a time, µs. */
  answerArrives(request: number, arrives: number): void {
    const { requests, sim } = this;
    const generation = requests.generation[request];
    if (!this.cores.areOne || requests.node[request] < 0) {
      sim.schedule(arrives, EVENT.RESPONSE, request, generation);
      return;
    }
    this.cores.takesIn(request, arrives, (at) => {
      if (requests.generation[request] === generation) sim.schedule(at, EVENT.RESPONSE, request, generation);
    });
  }

  /** A server opened a watch for a node: its stream stays. New connections are opened as streams need them. */
  streamOpened(node: number, server: number): void {
    const streams = this.streams[node]++;
    if (streams > 0 && streams % this.behaviours.http2MaxStreams === 0) this.endpoint.addConnection(server);
  }

  /** A watch of a node has ended. */
  streamClosed(node: number): void {
    this.freeStream(node);
  }

  /** A node leaves the cluster. */
  nodeGone(node: number): void {
    this.transport.nodeGone(node);
  }

  awaitsHello(dial: number, busy: boolean): boolean {
    return this.transport.awaitsHello(dial, busy);
  }

  accepted(dial: number, helloAt: number): void {
    this.transport.accepted(dial, helloAt);
  }

  /** The next step of a connection that is being set up. */
  dialStep(dial: number, generation: number): void {
    if (this.transport.isCurrent(dial, generation)) this.transport.step(dial);
  }

  noticesLoss(node: number, place: number, storm: number, afterUs: number): number {
    const { nodeNameHigh, nodeNameLow } = this.population;
    const loss = this.loss.at(this.random.connectionLoss.uniform(nodeNameHigh[node], nodeNameLow[node], storm));
    const arrives = afterUs + Math.round(this.roundTripUs / 2);
    this.cores.does(node, this.sim.now + arrives, CLIENT_CPU_US.notice, NOTHING);
    return arrives + loss + (place + 1) * CLIENT_CPU_US.notice;
  }

  /** A server sends a request's connection away: what its node sends next opens another. */
  sentAway(request: number): void {
    const { node, server } = this.requests;
    if (node[request] >= 0 && this.transport.serverOf(node[request]) === server[request])
      this.transport.disconnect(node[request]);
  }

  serverCloses(server: number): void {
    this.transport.serverCloses(server);
  }

  serverGone(server: number): void {
    this.transport.serverGone(server);
  }

  listenerGone(server: number): void {
    this.transport.listenerGone(server);
  }

  /** A request goes to the server that its node is connected to. */
  connected(request: number, server: number, hasDialled = true): void {
    const { requests, sim } = this;
    requests.server[request] = server;
    requests.state[request] = REQUEST.SENT;
    if (!this.cores.areOne) {
      this.isSent(request, sim.now);
      return;
    }
    const generation = requests.generation[request];
    this.cores.sends(hasDialled, (sent) => {
      if (requests.generation[request] === generation) this.isSent(request, sent);
    });
  }

  private isSent(request: number, at: number): void {
    const { requests } = this;
    const arrives = Math.max(at + requests.oneWay[request], this.transport.readableAt(requests.node[request]));
    this.sim.schedule(arrives, EVENT.ARRIVE, request, requests.generation[request]);
  }

  /** A request has waited for a connection for as long as it may. */
  unconnected(request: number): void {
    this.lost++;
    this.fails(request, STATUS.UNCONNECTED, this.sim.now + Math.round(this.roundTripUs / 2));
  }

  wasReset(request: number, knownAt: number): void {
    this.lost++;
    this.fails(request, STATUS.LOST, knownAt);
  }

  wasRefused(request: number, knownAt: number): void {
    this.refused++;
    this.fails(request, STATUS.REFUSED, knownAt);
  }

  /** A request's connection breaks: the client notices after half a round trip. */
  breaks(request: number, afterUs: number): void {
    this.wasReset(request, this.sim.now + afterUs + Math.round(this.roundTripUs / 2));
  }

  private fails(request: number, status: number, knownAt: number): void {
    const { requests, sim } = this;
    requests.voidEvents(request);
    requests.state[request] = REQUEST.ANSWERED;
    requests.status[request] = status;
    sim.schedule(knownAt, EVENT.RESPONSE, request, requests.generation[request]);
  }

  private transmit(request: number): void {
    const { requests } = this;
    this.sent++;
    const connected = this.connection(requests.node[request]);
    if (connected >= 0) {
      this.connected(request, connected, false);
      return;
    }
    const server = this.transport.dial(request);
    requests.server[request] = server;
    if (server >= 0) requests.state[request] = REQUEST.SENT;
    else this.transport.isRefused(request, (at) => this.wasRefused(request, at));
  }

  /** The server that a node's next request goes to; −1: a connection has to be opened, for there is none, or it was sent away. */
  private connection(node: number): number {
    const { transport } = this;
    const server = transport.serverOf(node);
    if (server < 0) return transport.connectNewcomer(node);
    if (this.goawayChance === 0) return server;
    const { nodeNameHigh, nodeNameLow } = this.population;
    const draw = this.random.goaway.uniform(nodeNameHigh[node], nodeNameLow[node], this.draws[node]++);
    if (draw >= this.goawayChance) return server;
    transport.disconnect(node);
    return -1;
  }

  private freeStream(node: number): void {
    this.streams[node]--;
    const queue = this.waiting.get(node);
    if (queue === undefined || this.streams[node] >= this.behaviours.http2MaxStreams) return;
    const next = queue.shift();
    if (next === undefined) return;
    if (queue.length === 0) this.waiting.delete(node);
    this.streams[node]++;
    this.transmit(next);
  }
}
