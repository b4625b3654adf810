import { expect } from 'chai';
import fc from 'fast-check';
import { buildPopulation, simulate } from '../../../src/cluster/run/simulate.js';
import { patternMatcher } from '../../../src/cluster/model/target-names.js';
import type { TimelineAction } from '../../../src/cluster/model/timeline-actions.js';
import type { TopologyFile } from '../../../src/cluster/model/topology-file.js';
import { change, inputOf, objectClass } from '../scenario.js';
import { replace, rollout } from '../timeline-actions.js';

const secret = (namespace: string, name: string) => ({ namespace, name, kind: 'Secret', size: 100 }) as const;
const FILE: TopologyFile = {
  apiVersion: 'secretsim/v1',
  kind: 'Topology',
  nodes: [{ name: 'a' }],
  objects: [
    secret('payments', 'db'),
    secret('shop', 'db'),
    secret('payments', 'tls'),
    { ...secret('payments', 'db-settings'), kind: 'ConfigMap' },
    { ...secret('payments', 'db-lost'), missing: true },
  ],
  pods: [0, 1, 2, 3].map((object) => ({
    namespace: object === 1 ? 'shop' : 'payments',
    name: `pod-${object}`,
    node: 0,
    workload: `payments/w-${object}`,
    uses: [{ object, as: 'volume', volume: 0 }],
  })),
};
const imported = (timeline: readonly TimelineAction[]) => ({
  ...inputOf({ timeline, duration: 300 }),
  cluster: { type: 'imported', file: FILE } as const,
});

const AS_EXPRESSION = new Map([
  ['*', '[^/]*'],
  ['?', '[^/]'],
  ['.', '[.]'],
]);

describe('patterns of names', () => {
  it('match as a shell does: * and ? within a part of the name, all else literally', () => {
    const char = fc.constantFrom('a', 'b', '.', '/');
    fc.assert(
      fc.property(
        fc.array(fc.oneof(char, fc.constantFrom('*', '?')), { maxLength: 8 }),
        fc.array(char, { maxLength: 8 }),
        (pattern, name) => {
          const source = pattern.map((each) => AS_EXPRESSION.get(each) ?? each).join('');
          expect(patternMatcher(pattern.join(''))(name.join(''))).to.equal(
            new RegExp(`^${source}$`).test(name.join('')),
          );
        },
      ),
      { seed: 19, numRuns: 2000 },
    );
  });

  it('mean the objects that an imported cluster has, each of them one, narrowed by kind', () => {
    const { objectsOf } = buildPopulation(imported([]));
    expect([...objectsOf('payments/*', null)]).to.deep.equal([0, 2, 3]);
    expect([...objectsOf('payments/db*', 'Secret')]).to.deep.equal([0]);
    expect([...objectsOf('*/db', null)]).to.deep.equal([0, 1]);
    expect([...objectsOf('*', null)]).to.deep.equal([]);
  });

  it('make a class of their own, from which a name that is written out is taken', () => {
    const { classNames, objectClass: of } = buildPopulation(
      imported([change('update', 'payments/*', 10), change('update', 'payments/tls', 20)]),
    );
    expect([...of].map((index) => classNames[index])).to.deep.equal([
      'payments/*',
      'shop/secrets',
      'payments/tls',
      'payments/*',
      'payments/secrets',
    ]);
  });

  it('are written at a rate, one object after another', () => {
    const { updates } = simulate(imported([change('update', 'payments/*', 10, { ratePerS: 0.1 })]), 1);
    expect(updates.map(({ object, sentAtS }) => [object, sentAtS])).to.deep.equal([
      ['payments/db', 10],
      ['payments/tls', 20],
      ['payments/db-settings', 30],
    ]);
    expect(updates.every(({ reached, due }) => due === 1 && reached === 1)).to.equal(true);
  });

  it('are replaced by new names and choose consumers as their objects do one by one', () => {
    const one = (names: readonly string[]) => names.map((name) => replace(10, name));
    const together = buildPopulation(imported([replace(10, '*/db')]));
    const apart = buildPopulation(imported(one(['payments/db', 'shop/db'])));
    const names = ({ objectCount, objectName }: typeof together) =>
      Array.from({ length: objectCount - FILE.objects.length }, (_, i) => objectName(FILE.objects.length + i));
    expect(names(together)).to.deep.equal(['payments/db-v2', 'shop/db-v2']).and.deep.equal(names(apart));
    const { podArrives, podName } = buildPopulation(imported([rollout(10, 1, { consumersOf: 'payments/db*' })]));
    expect([...podArrives.keys()].filter((pod) => podArrives[pod] === 1).map(podName)).to.deep.equal([
      'payments/pod-0-r1',
      'payments/pod-3-r1',
    ]);
  });

  it('mean classes in a cluster that is made from counts', () => {
    const classes = ['app-tls', 'app-key', 'ca'].map((name) => objectClass(name, { scope: 'namespace' }));
    const scenario = { nodes: 2, podsPerNode: 4, replicas: 2, namespaces: 2, classes };
    const { objectsOf, objectName } = buildPopulation(inputOf(scenario));
    expect([...objectsOf('app-*', null)].map(objectName)).to.deep.equal([
      'ns-0/app-tls',
      'ns-1/app-tls',
      'ns-0/app-key',
      'ns-1/app-key',
    ]);
    expect([...objectsOf('app-*', 'ConfigMap')]).to.deep.equal([]);
    const replaced = buildPopulation(inputOf({ ...scenario, timeline: [replace(10, 'app-*')] }));
    expect(replaced.objectCount).to.equal(6 + 4);
    expect([...replaced.objectsOf('app-*', null, 20e6)]).to.deep.equal([6, 7, 8, 9]);
  });
});
