import { expect } from 'chai';
import { ClientCores } from '../../../src/cluster/client-go/client-cores.js';
import { Transport } from '../../../src/cluster/client-go/transport.js';
import { ACCEPT_QUEUE_FULL, CONNECTION_REFUSED, type Endpoint } from '../../../src/cluster/kube-apiserver/callers.js';
import { Requests, REQUEST } from '../../../src/cluster/kube-apiserver/requests.js';
import { EVENT } from '../../../src/cluster/model/events.js';
import { VERB } from '../../../src/cluster/model/verbs.js';
import { buildCore } from '../../../src/cluster/run/build-core.js';
import { buildWorld } from '../../../src/cluster/run/build-world.js';
import { nodesOf } from '../../../src/cluster/run/simulate.js';
import { inputOf, objectClass } from '../scenario.js';

const S = 1e6;

/** A server whose handshakes take a time of their own, one after another. */
class OneServer implements Endpoint {
  serving = true;
  /** The state of a process that was killed: its kernel sets up connections, or not any more. */
  dying = false;
  gone = false;
  room = Infinity;
  readonly held: number[] = [];
  hellos = 0;
  finished = 0;
  private busyUntil = 0;
  constructor(
    private readonly now: () => number,
    private readonly helloUs: number,
  ) {}
  accepts(): boolean {
    return true;
  }
  choose(): number {
    return 0;
  }
  moved(): void {
    // Nobody counts who is connected.
  }
  serves(): boolean {
    return this.serving;
  }
  isDying(): boolean {
    return this.dying;
  }
  accept(_server: number, dial: number): number {
    if (this.gone) return CONNECTION_REFUSED;
    if (this.serving) return this.hello();
    if (this.held.length >= this.room) return ACCEPT_QUEUE_FULL;
    this.held.push(dial);
    return Infinity;
  }
  hello(): number {
    this.hellos++;
    this.busyUntil = Math.max(this.busyUntil, this.now()) + this.helloUs;
    return this.busyUntil;
  }
  helloArrives(): void {
    // Each client has a core, so that its ClientHello is there.
  }
  finishes(): void {
    // Its requests are read at once.
  }
  clientFinished(): void {
    this.finished++;
  }
  addConnection(): void {
    this.hellos++;
  }
}

/** The clients of two nodes that lose their connections, with `requests` of each that want to go at once. */
function storm(requests: number, helloUs = 1000, prepare: (server: OneServer) => void = () => undefined) {
  const input = inputOf({
    nodes: 2,
    podsPerNode: 1,
    apiServers: 1,
    classes: [objectClass('secret')],
    apiServer: { capacity: 1 },
  });
  const source = nodesOf(input);
  const world = buildWorld(buildCore(input, 1, source, false, null), source.section(0, 2));
  const { sim } = world;
  const server = new OneServer(() => sim.now, helloUs);
  const rows = new Requests(sim);
  const connected: { readonly node: number; readonly atS: number }[] = [];
  const unconnected: number[] = [];
  const reset: number[] = [];
  const refused: number[] = [];
  const transport = new Transport(world, rows, server, new ClientCores(world, rows), {
    connected: (request) => connected.push({ node: rows.node[request], atS: sim.now / S }),
    unconnected: (request) => {
      unconnected.push(sim.now / S);
      rows.close(request);
    },
    wasReset: (request, knownAt) => {
      reset.push(knownAt / S);
      rows.close(request);
    },
    wasRefused: (request, knownAt) => {
      refused.push(knownAt / S);
      rows.close(request);
    },
  });
  sim.reset(0);
  prepare(server);
  transport.serverGone(0);
  for (let node = 0; node < 2; node++) {
    for (let i = 0; i < requests; i++) {
      const request = rows.open(VERB.WATCH, node, 0);
      rows.state[request] = REQUEST.SENT;
      transport.dial(request);
    }
  }
  const run = (untilS: number): void =>
    sim.run(untilS * S, {
      handle: (kind, dial, generation) => {
        expect(kind).to.equal(EVENT.DIAL);
        if (transport.isCurrent(dial, generation)) transport.step(dial);
      },
    });
  return { server, transport, connected, unconnected, reset, refused, run };
}

describe('connections of the kubelets', () => {
  it('are as many as requests that wait for one, of which the first serves all of a node', () => {
    const { server, connected, run } = storm(50);
    run(5);
    expect([server.hellos, server.finished]).to.deep.equal([100, 100]);
    expect(connected.map(({ node }) => node).sort()).to.deep.equal(
      Array.from({ length: 100 }, (_, i) => (i < 50 ? 0 : 1)),
    );
    // All of a node at one instant, long before the hundred handshakes are done.
    for (const node of [0, 1]) {
      const times = new Set(connected.filter((each) => each.node === node).map(({ atS }) => atS));
      expect(times.size).to.equal(1);
      expect(Math.max(...times)).to.be.below(0.01);
    }
  });

  it('fail after ten seconds, each with its request, where the server does not get round to them', () => {
    const { server, connected, unconnected, run } = storm(20, 6 * S);
    run(60);
    // The first handshake is done after 6 s; the other node's, behind 19 of its kind or two, comes too late.
    expect(connected).to.have.length.within(20, 40);
    expect(connected.length + unconnected.length).to.equal(40);
    for (const at of unconnected) expect(at).to.be.within(10, 10.1);
    expect(server.hellos).to.equal(40);
  });

  it('do not fail with a request that has gone by another one, which its node has lost since', () => {
    const { transport, connected, unconnected, run } = storm(20, 6 * S);
    run(7);
    const [{ node }] = connected;
    expect(connected).to.have.length(20);
    transport.disconnect(node);
    run(60);
    // Each request of the other node waits for a connection of its own.
    expect(connected.length + unconnected.length).to.equal(40);
  });

  it('wait for a server that does not serve yet, which does the work for those that have gone, too', () => {
    const { server, transport, unconnected, connected, run } = storm(10);
    server.serving = false;
    run(11);
    expect(unconnected).to.have.length(20);
    server.serving = true;
    for (const dial of server.held) transport.accepted(dial, server.hello());
    run(30);
    expect([server.hellos, server.finished, connected.length]).to.deep.equal([20, 0, 0]);
  });

  it('are noticed when the SYN comes again, where the accept queue was full', () => {
    const { server, transport, connected, run } = storm(10);
    server.serving = false;
    server.room = 0;
    run(2);
    // By then SYNs have been sent at once and after 1 s; the next come after 3 s, and 7.
    server.room = 5;
    run(3.5);
    expect(server.held).to.have.length(5);
    server.serving = true;
    for (const dial of server.held) transport.accepted(dial, server.hello());
    run(6.9);
    const before = server.hellos;
    run(7.5);
    expect([before, server.hellos]).to.deep.equal([5, 20]);
    expect(connected).to.have.length(20);
  });

  it('to a process that was killed are set up by its kernel, and all reset when that closes its listening socket', () => {
    const { server, transport, connected, reset, refused, run } = storm(50, 1000, (each) => {
      each.serving = false;
      each.dying = true;
    });
    run(0.02);
    // TCP alone is set up: no client comes to a ClientHello.
    expect([server.held.length, server.hellos]).to.deep.equal([100, 0]);
    server.gone = true;
    transport.listenerGone(0);
    run(5);
    expect([reset.length, refused.length, connected.length]).to.deep.equal([100, 0, 0]);
    // Half a round trip later, one after another on the core of each client.
    expect(Math.min(...reset)).to.be.within(0.02, 0.021);
    expect(Math.max(...reset)).to.be.within(0.022, 0.024);
  });

  it('that reach a process after its end are refused', () => {
    const { transport, server, reset, refused, run } = storm(50, 1000, (each) => {
      each.serving = false;
      each.dying = true;
    });
    server.gone = true;
    transport.listenerGone(0);
    run(5);
    expect([reset.length, refused.length]).to.deep.equal([0, 100]);
  });
});
