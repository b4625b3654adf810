import { expect } from 'chai';
import { simulate } from '../../../src/cluster/run/simulate.js';
import type { GroupDelays, Grouping } from '../../../src/cluster/model/group-delays.js';
import type { TopologyFile, TopologyPod } from '../../../src/cluster/model/topology-file.js';
import { change, inputOf, objectClass } from '../scenario.js';

const pod = (
  name: string,
  node: number,
  owner: Partial<TopologyPod>,
  as: 'volume' | 'env' = 'volume',
): TopologyPod => ({
  namespace: 'shop',
  name,
  node,
  ...owner,
  uses: [as === 'env' ? { object: 0, as } : { object: 0, as, volume: 0 }],
});

const FILE: TopologyFile = {
  apiVersion: 'secretsim/v1',
  kind: 'Topology',
  nodes: [{ name: 'a', pool: 'gpu' }, { name: 'b' }, { name: 'c' }],
  objects: [{ namespace: 'shop', name: 'tls', kind: 'Secret', size: 100 }],
  pods: [
    pod('web-0', 0, { workload: 'shop/web', ownerKind: 'Deployment' }),
    pod('web-1', 1, { workload: 'shop/web', ownerKind: 'Deployment' }),
    pod('log-a', 0, { workload: 'shop/log', ownerKind: 'DaemonSet' }, 'env'),
    pod('old-0', 2, { workload: 'shop/old' }),
    { ...pod('lone', 1, {}), namespace: 'other' },
  ],
};

const timeline = [change('update', 'shop/tls', 10), change('update', 'shop/tls', 400)];
const imported = { ...inputOf({ timeline, samples: 'all' }), cluster: { type: 'imported', file: FILE } } as const;

describe('delays by group', () => {
  const record = simulate({ ...imported, groups: true }, 1);
  const groups = record.groups ?? [];
  const of = (grouping: Grouping) => groups.filter((each) => each.grouping === grouping);
  const counts = (grouping: Grouping) =>
    Object.fromEntries(of(grouping).map(({ group, reached, unreached }) => [group, [reached, unreached]]));

  it('put pods together by namespace, kind of owner, owner and node pool', () => {
    expect(counts('namespace')).to.deep.equal({ other: [2, 0], shop: [6, 2] });
    expect(counts('owner_kind')).to.deep.equal({
      DaemonSet: [0, 2],
      Deployment: [4, 0],
      Pod: [2, 0],
      workload: [2, 0],
    });
    expect(counts('owner')).to.deep.equal({
      'DaemonSet shop/log': [0, 2],
      'Deployment shop/web': [4, 0],
      'Pod other/*': [2, 0],
      'workload shop/old': [2, 0],
    });
    expect(counts('node_pool')).to.deep.equal({ gpu: [2, 2], 'no pool': [6, 0] });
  });

  it('are those of the samples of their pods', () => {
    const { samples } = record;
    const delaysOf = (owner: string) =>
      [...(samples?.owner ?? [])]
        .flatMap((own, i) => (own === owner ? [i] : []))
        .map((i) => ((samples?.projectedAtUs[i] ?? 0) - (samples?.writtenAtUs[i] ?? 0)) / 1e6)
        .sort((a, b) => a - b);
    const quantilesOf = (owner: string): readonly number[] =>
      of('owner').find(({ group }) => group === owner)?.quantilesS ?? [];
    expect(quantilesOf('Deployment shop/web')[3]).to.equal(delaysOf('Deployment shop/web')[3]);
    expect(quantilesOf('Pod other/*')[0]).to.be.closeTo(
      (delaysOf('Pod other/*')[0] + delaysOf('Pod other/*')[1]) / 2,
      1e-9,
    );
    expect(quantilesOf('DaemonSet shop/log')).to.deep.equal([]);
  });

  it('sum up to the whole in every grouping that a cluster has, and change nothing else of it', () => {
    const classes = [objectClass('ca'), objectClass('tls', { scope: 'namespace', as: 'subPath', podFraction: 0.5 })];
    const scenario = inputOf({
      nodes: 5,
      podsPerNode: 6,
      replicas: 3,
      namespaces: 3,
      classes,
      timeline: [change('update', 'ca', 10), change('update', 'tls', 20)],
    });
    const asked = simulate({ ...scenario, groups: true }, 1);
    const plain = simulate(scenario, 1);
    const sum = (each: readonly GroupDelays[], count: 'reached' | 'unreached') =>
      each.reduce((all, one) => all + one[count], 0);
    for (const grouping of ['namespace', 'owner_kind', 'owner'] as const) {
      const own = (asked.groups ?? []).filter((each) => each.grouping === grouping);
      expect(sum(own, 'reached'), grouping).to.equal(plain.metrics.projections);
      expect(sum(own, 'unreached'), grouping).to.equal(plain.metrics.never_projected);
    }
    expect(asked.groups?.some(({ grouping }) => grouping === 'node_pool')).to.equal(false);
    expect(asked.fingerprint).to.equal(plain.fingerprint);
    expect(plain).not.to.have.property('groups');
  });
});
