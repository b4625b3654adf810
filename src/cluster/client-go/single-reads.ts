import type { Simulator } from '../../sim/simulator.js';
import { EVENT } from '../model/events.js';
import { VERB } from '../model/verbs.js';
import type { Requests } from '../kube-apiserver/requests.js';
import type { Population } from '../population/population.js';
import type { Latencies } from '../world/latencies.js';
import type { World } from '../world/world.js';
import type { RestClient } from './rest-client.js';

/** Marks the LIST of a single object, and its timers: beyond every epoch. */
const SINGLE = 0x10000;

/** LISTs of single objects that have no stream of their own: it is shared, or nobody would see a change (what-ifs). */
export class SingleReads {
  /** Those sent so far, by entry: earlier ones are void. */
  private readonly reads: Uint16Array;
  private readonly sim: Simulator;
  private readonly population: Population;
  private readonly latencies: Latencies;

  /** `sent`: requests that the reflectors have sent so far, by entry; these are counted there. */
  constructor(
    world: World,
    private readonly requests: Requests,
    private readonly client: RestClient,
    private readonly sent: Uint32Array,
  ) {
    this.sim = world.sim;
    this.population = world.population;
    this.latencies = world.latencies;
    this.reads = new Uint16Array(world.population.entryCount);
  }

  /** True where a request is one of them. */
  has(request: number): boolean {
    return this.requests.read[request] >= SINGLE;
  }

  /** True where one of them is the last of its entry. */
  isCurrent(request: number): boolean {
    const { read, subject } = this.requests;
    return read[request] === SINGLE + this.reads[subject[request]];
  }

  /** Reads the object of an entry. */
  send(entry: number): void {
    const { requests, latencies } = this;
    const id = requests.open(VERB.LIST, this.population.entryNode[entry], entry);
    requests.read[id] = SINGLE + ++this.reads[entry];
    latencies.drawList(entry, false, false, this.sent[entry]++);
    requests.oneWay[id] = latencies.oneWay;
    requests.service[id] = latencies.service;
    this.client.send(id);
  }

  /** Reads it again at `at`. */
  sendAt(entry: number, at: number): void {
    this.sim.schedule(at, EVENT.REFLECT, entry, SINGLE + this.reads[entry]);
  }

  /** A timer of an entry's reflector. False: it is none of these reads. */
  timer(entry: number, epoch: number): boolean {
    if (epoch < SINGLE) return false;
    if (epoch === SINGLE + this.reads[entry]) this.send(entry);
    return true;
  }

  /** Nobody waits any more for a read of the entry's object. */
  forget(entry: number): void {
    this.reads[entry]++;
  }
}
