import { expect } from 'chai';
import { CLIENT_CPU_US, ClientCores } from '../../../src/cluster/client-go/client-cores.js';
import { Requests, STATUS } from '../../../src/cluster/kube-apiserver/requests.js';
import { VERB } from '../../../src/cluster/model/verbs.js';
import { buildCore } from '../../../src/cluster/run/build-core.js';
import { nodesOf } from '../../../src/cluster/run/simulate.js';
import { buildWorld } from '../../../src/cluster/run/build-world.js';
import { inputOf, objectClass } from '../scenario.js';

/** Requests of two nodes, and the cores that their clients have. */
function clients(clientsOnOneCore: boolean) {
  const plain = inputOf({ nodes: 2, podsPerNode: 1, classes: [objectClass('secret')] });
  const input = { ...plain, network: { ...plain.network, ...(clientsOnOneCore && { clientsOnOneCore: 1 }) } };
  const source = nodesOf(input);
  const world = buildWorld(buildCore(input, 1, source, false, null), source.section(0, 2));
  const requests = new Requests(world.sim);
  const [first, second] = [0, 1].map((node) => requests.open(VERB.WATCH, node, 0));
  const cores = new ClientCores(world, requests);
  const handle = (_kind: number, _entity: number, argument: number): void => cores.handle(argument);
  return { cores, requests, first, second, run: () => world.sim.run(Infinity, { handle }) };
}

describe('clients', () => {
  it('that share a core send one request after another, and then take in the answers, of which a 429 is the cheapest', () => {
    const { cores, requests, first, second, run } = clients(true);
    const { request, watchList, rejection } = CLIENT_CPU_US;
    requests.status[first] = STATUS.TOO_MANY_REQUESTS;
    requests.status[second] = STATUS.GONE;
    const at: number[] = [];
    for (const id of [first, second]) cores.takesIn(id, 0, (done) => at.push(done));
    for (let request = 0; request < 2; request++) cores.sends(false, (done) => at.push(done));
    run();
    // The first answer is being taken in when the requests come; then these go first, for no network brings them.
    const sent = rejection + 2 * request;
    expect(at).to.deep.equal([rejection, rejection + request, sent, sent + watchList]);
    expect(rejection).to.be.below(watchList);
  });

  it('have less to do for a request that has waited for its connection', () => {
    const { cores, run } = clients(true);
    const at: number[] = [];
    cores.sends(true, (done) => at.push(done));
    run();
    expect(at).to.deep.equal([CLIENT_CPU_US.afterDial]);
  });

  it('with a core each wait for nobody but themselves', () => {
    const { cores } = clients(false);
    const at: number[] = [];
    for (const node of [0, 1, 1]) cores.receives(node, 1000, 10, (done) => at.push(done));
    cores.does(0, 1000, 10, (done) => at.push(done));
    expect(at).to.deep.equal([1010, 1010, 1020, 1020]);
    expect(cores.areOne).to.equal(false);
  });
});
