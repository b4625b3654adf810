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
  const input = { ...plain, network: { ...plain.network, ...(clientsOnOneCore && { clientsOnOneCore }) } };
  const source = nodesOf(input);
  const world = buildWorld(buildCore(input, 1, source, false, null), source.section(0, 2));
  const requests = new Requests(world.sim);
  const [first, second] = [0, 1].map((node) => requests.open(VERB.WATCH, node, 0));
  return { cores: new ClientCores(world, requests), requests, first, second };
}

describe('clients', () => {
  it('that share a core send one request after another, and then take in the answers, of which a 429 is the cheapest', () => {
    const { cores, requests, first, second } = clients(true);
    const { request, watchList, rejection } = CLIENT_CPU_US;
    expect([cores.sentAt(first, 1000), cores.sentAt(second, 1000)]).to.deep.equal([1000 + request, 1000 + 2 * request]);
    requests.status[first] = STATUS.TOO_MANY_REQUESTS;
    requests.status[second] = STATUS.GONE;
    const sent = 1000 + 2 * request;
    expect(cores.takenInAt(first, 1000)).to.equal(sent + rejection);
    expect(cores.takenInAt(second, 1000)).to.equal(sent + rejection + watchList);
    expect(rejection).to.be.below(watchList);
  });

  it('with a core each wait for nobody', () => {
    const { cores, first, second } = clients(false);
    expect([cores.sentAt(first, 1000), cores.sentAt(second, 1000)]).to.deep.equal([1000, 1000]);
    expect(cores.takenInAt(second, 1000)).to.equal(1000);
  });
});
