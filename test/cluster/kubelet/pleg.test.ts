import { expect } from 'chai';
import type { TopologyFile } from '../../../src/cluster/model/topology-file.js';
import { VERB } from '../../../src/cluster/model/verbs.js';
import type { ModelInput } from '../../../src/cluster/model/model-input.js';
import { change, inputOf } from '../scenario.js';
import { answersOf, observed } from '../model/switches/observed.js';

const S = 1e6;
const NODES = 50;

/** A pod per node that mounts a Secret and has another one in its environment; a GET takes `getS` seconds. */
function starting(release: string, getS: number, missing = false): ModelInput {
  const nodes = Array.from({ length: NODES }, (_, node) => ({ name: `n${node}` }));
  const file: TopologyFile = {
    apiVersion: 'secretsim/v1',
    kind: 'Topology',
    nodes,
    objects: [
      { namespace: 'd', name: 'mounted', kind: 'Secret', size: 1 },
      { namespace: 'd', name: 'environment', kind: 'Secret', size: 1, ...(missing && { missing }) },
    ],
    pods: nodes.map(({ name }, node) => ({
      namespace: 'd',
      name,
      node,
      uses: [
        { object: 0, as: 'volume', volume: 0 },
        { object: 1, as: 'env' },
      ],
    })),
  };
  const getQuorum = { p50Us: getS * S, p99Us: getS * S };
  const input = inputOf({
    release,
    start: 'cold',
    strategy: 'Get',
    duration: 40,
    timeline: missing ? [change('recreate', 'd/environment', 5)] : [],
    apiServer: { capacity: 64, nodeAuthorizer: false, getQuorum },
  });
  return { ...input, warmupUs: 0, cluster: { type: 'imported', file } };
}

/** GETs of the mounted Secret per pod: one to mount it, and one in each sync behind it. */
function reads(input: ModelInput): number {
  const gets = answersOf(observed(input)).filter(({ verb, entry }) => verb === VERB.GET && entry.endsWith('/mounted'));
  return gets.length / NODES;
}

describe('the events of a sandbox and of its container', () => {
  it('are a sync each up to 1.26, and one together from 1.27 on, where one relist finds both', () => {
    expect(reads(starting('1.26', 0.0015))).to.equal(1 + 2);
    for (const release of ['1.27', '1.34', '1.37']) expect(reads(starting(release, 0.0015)), release).to.equal(1 + 1);
  });

  it('are a sync each in every release where a relist falls between the two', () => {
    // The environment is read between them, for 0.8 s: as often a relist of once a second falls into it.
    expect(reads(starting('1.26', 0.8))).to.equal(1 + 2);
    const error = Math.sqrt((0.8 * 0.2) / NODES);
    for (const release of ['1.27', '1.34'])
      expect(reads(starting(release, 0.8)), release).to.be.closeTo(1 + 1 + 0.8, 4 * error);
  });

  it('are one sync where the sandbox stands since a sync before, which failed', () => {
    // At 0 the environment's Secret is missing; the sync of 10 to 15 s later finds it, and reads what is mounted again.
    for (const release of ['1.26', '1.34']) expect(reads(starting(release, 0.0015, true)), release).to.equal(1 + 1 + 1);
  });
});
