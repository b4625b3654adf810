import type { Simulator } from '../../sim/simulator.js';
import type { Endpoint } from '../kube-apiserver/callers.js';
import type { Requests } from '../kube-apiserver/requests.js';
import { CLIENT_CPU_US, type ClientCores, type Done, NOTHING } from './client-cores.js';
import { type Dials, HELLO } from './dials.js';

/**
 * What clients do for the connections that they set up, on their cores. A client with a core of its own works on its
 * ClientHello before its SYN is sent; one that shares a core is told by the network that TCP has set its connection up, and
 * its server may have accepted that before the ClientHello comes.
 */
export class ClientHandshakes {
  /** `oneWayUs`: through the network. */
  constructor(
    private readonly sim: Simulator,
    private readonly dials: Dials,
    private readonly requests: Requests,
    private readonly endpoint: Endpoint,
    private readonly cores: ClientCores,
    private readonly oneWayUs: number,
  ) {}

  /** A connection is dialled. */
  begins(dial: number): void {
    const { cores, dials, sim } = this;
    const node = dials.node[dial];
    if (!cores.areOne) dials.since[dial] = cores.work(node, sim.now, CLIENT_CPU_US.hello);
    else {
      dials.hello[dial] = HELLO.UNSENT;
      cores.does(node, sim.now, CLIENT_CPU_US.request - CLIENT_CPU_US.afterDial, NOTHING);
    }
  }

  /** TCP has set it up: its ClientHello is sent, if it has not been. */
  isSetUp(dial: number): void {
    const { dials, sim, cores } = this;
    if (dials.hello[dial] !== HELLO.UNSENT) return;
    const sent = this.unlessOver(dial, () => {
      const awaited = dials.hello[dial];
      dials.hello[dial] = HELLO.SENT;
      if (awaited !== HELLO.UNSENT)
        this.endpoint.helloArrives(dials.server[dial], dial, awaited === HELLO.AWAITED_BUSY);
    });
    cores.receives(dials.node[dial], sim.now + this.oneWayUs, CLIENT_CPU_US.hello, sent);
  }

  /** A server has accepted it; true where it has to wait for the ClientHello. */
  awaitsHello(dial: number, busy: boolean): boolean {
    const { hello } = this.dials;
    if (hello[dial] === HELLO.SENT) return false;
    hello[dial] = busy ? HELLO.AWAITED_BUSY : HELLO.AWAITED;
    return true;
  }

  /** Its client has the ServerHello, and works on it. */
  serverHello(dial: number, finished: Done): void {
    const { dials, sim, cores } = this;
    const node = dials.node[dial];
    if (!cores.areOne) finished(cores.work(node, sim.now, CLIENT_CPU_US.finished));
    else cores.receives(node, sim.now, CLIENT_CPU_US.finished, this.unlessOver(dial, finished));
  }

  /** The client of a request that finds no server learns of it. */
  isRefused(request: number, known: Done): void {
    this.fails(request, this.sim.now + 2 * this.oneWayUs, known);
  }

  /** The connection that a request waits for fails: its client learns of it from the network. */
  isReset(request: number, known: Done): void {
    this.fails(request, this.sim.now + this.oneWayUs, known);
  }

  private fails(request: number, since: number, known: Done): void {
    const { generation, node } = this.requests;
    const current = generation[request];
    this.cores.receives(node[request], since, CLIENT_CPU_US.dialFailed, (at) => {
      if (this.requests.generation[request] === current) known(at);
    });
  }

  private unlessOver(dial: number, done: Done): Done {
    const { dials } = this;
    const number = dials.number[dial];
    return (at) => {
      if (dials.number[dial] === number && dials.server[dial] >= 0) done(at);
    };
  }
}
