import { expect } from 'chai';
import fc from 'fast-check';
import type { ModelInput } from '../../../src/cluster/model/model-input.js';
import { STRATEGY_NAMES } from '../../../src/cluster/kubelet/secret-manager/strategies.js';
import { BuiltNodes } from '../../../src/cluster/population/built-nodes.js';
import type { NodeSource } from '../../../src/cluster/population/node-source.js';
import type { Population } from '../../../src/cluster/population/population.js';
import { SyntheticNodes } from '../../../src/cluster/population/synthetic-nodes.js';
import { buildPopulation, nodesOf, simulate } from '../../../src/cluster/run/simulate.js';
import { textOf } from '../everything.js';
import { change, inputOf, objectClass, type Scenario } from '../scenario.js';
import { crash } from '../timeline-actions.js';

/** Clusters of every scope, mode and share, none of whose sizes divides another. */
const clusters = fc.record({
  nodes: fc.constantFrom(1, 7, 67, 131),
  podsPerNode: fc.integer({ min: 1, max: 5 }),
  replicas: fc.integer({ min: 1, max: 7 }),
  namespaces: fc.integer({ min: 1, max: 6 }),
  seed: fc.string({ minLength: 1, maxLength: 5 }),
  release: fc.constantFrom('1.20', '1.24', '1.30', '1.36'),
  strategy: fc.constantFrom(...STRATEGY_NAMES),
  start: fc.constantFrom('steady' as const, 'cold' as const),
  classes: fc
    .uniqueArray(
      fc.record({
        name: fc.constantFrom('a', 'b', 'c', 'd'),
        kind: fc.constantFrom('Secret' as const, 'ConfigMap' as const),
        scope: fc.constantFrom('cluster', 'namespace', 'deployment', 'node', 'pod'),
        as: fc.constantFrom('volume', 'projected', 'subPath', 'env', 'imagePullSecret'),
        count: fc.integer({ min: 1, max: 3 }),
        podFraction: fc.constantFrom(0, 0.3, 0.8, 1),
        immutableShare: fc.constantFrom(0, 0.5, 1),
      }),
      { minLength: 1, maxLength: 4, selector: ({ name }) => name },
    )
    .map((specs) => specs.map(({ name, ...spec }) => objectClass(name, spec))),
});
const changes = fc.array(
  fc.tuple(
    fc.constantFrom('update' as const, 'delete' as const, 'recreate' as const, 'markImmutable' as const),
    fc.nat(3),
    fc.nat(150),
  ),
  { maxLength: 4 },
);

function scenarioOf(cluster: Scenario, actions: readonly (readonly ['update', number, number])[]): ModelInput {
  const classes = cluster.classes ?? [];
  return inputOf({
    ...cluster,
    duration: 200,
    timeline: actions.map(([action, index, at]) => change(action, classes[index % classes.length].name, at)),
  });
}

/** What can be told of the nodes of a section, by names. */
function told(population: Population): unknown {
  const { nodeCount, nodePodStart, podConsumerStart, consumerObject, consumerMode, consumerFlags } = population;
  return Array.from({ length: nodeCount }, (_, node) => ({
    name: population.nodeName(node),
    hash: [population.nodeNameHigh[node], population.nodeNameLow[node]],
    pods: Array.from({ length: nodePodStart[node + 1] - nodePodStart[node] }, (_, i) => {
      const pod = nodePodStart[node] + i;
      return {
        name: population.podName(pod),
        owner: population.podOwner(pod),
        deployment: population.podDeployment[pod],
        hash: [population.podNameHigh[pod], population.podNameLow[pod]],
        uses: Array.from({ length: podConsumerStart[pod + 1] - podConsumerStart[pod] }, (_, j) => {
          const c = podConsumerStart[pod] + j;
          const object = consumerObject[c];
          return {
            name: population.objectName(object),
            hash: [population.objectNameHigh[object], population.objectNameLow[object]],
            is: [population.objectKind[object], population.objectClass[object], population.objectSize[object]],
            immutable: population.objectImmutable[object],
            as: [consumerMode[c], consumerFlags[c]],
          };
        }),
      };
    }),
  }));
}

describe('a cluster that is had section by section', () => {
  const countedOf = (input: ModelInput): NodeSource => {
    if (input.cluster.type !== 'synthetic') throw new RangeError('a cluster made from counts is asked for');
    return new SyntheticNodes(input.cluster, input.seed, input.timeline);
  };

  it('has the nodes, pods and objects that it has as a whole, whatever the sections', () => {
    fc.assert(
      fc.property(clusters, fc.nat(1000), fc.nat(1000), (cluster, a, b) => {
        const input = scenarioOf(cluster, []);
        const built = new BuiltNodes(buildPopulation(input));
        const counted = countedOf(input);
        const nodes = built.facts.nodeCount;
        const first = a % nodes;
        const last = first + 1 + (b % (nodes - first));
        expect(told(counted.section(first, last))).to.deep.equal(told(built.section(first, last)));
        expect(told(counted.section(0, nodes))).to.deep.equal(told(built.section(0, nodes)));
        expect(counted.facts).to.deep.equal(built.facts);
        expect(counted.section(first, last).firstConsumer).to.equal(built.section(first, last).firstConsumer);
        expect(counted.exposure).to.deep.equal(built.exposure);
      }),
      { numRuns: 150, seed: 20261128 },
    );
  });

  it('gives the record that it gives as a whole, with every sync an event', () => {
    fc.assert(
      fc.property(clusters, changes, (cluster, actions) => {
        const input = scenarioOf(cluster, actions as never);
        const counted = textOf(simulate(input, 1, { nodes: countedOf(input) }));
        expect(counted).to.equal(textOf(simulate(input, 1, { nodes: new BuiltNodes(buildPopulation(input)) })));
        expect(counted).to.equal(textOf(simulate(input, 1, { nodes: countedOf(input), eager: true })));
      }),
      { numRuns: 30, seed: 20261128 },
    );
  });

  it('is never built as a whole where no record needs it', () => {
    const isWhole = (scenario: Scenario): boolean => nodesOf(inputOf(scenario)).whole !== null;
    expect(isWhole({})).to.equal(false);
    expect(isWhole({ samples: 'all' })).to.equal(true);
    expect(isWhole({ timeline: [crash(10)] })).to.equal(true);
    expect(isWhole({ apiServer: { capacity: 4 } })).to.equal(true);
  });
});
