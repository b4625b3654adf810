import { expect } from 'chai';
import fc from 'fast-check';
import { STRATEGY_NAMES } from '../../src/cluster/kubelet/secret-manager/strategies.js';
import { RELEASES } from '../../src/cluster/model/versions.js';
import { PRESETS } from '../../src/experiment/language/presets.js';
import type { TimelineEntry } from '../../src/experiment/language/timeline-schema.js';
import { readQuestion } from '../../src/playground/answer.js';
import type { DumpedCluster } from '../../src/playground/dumped-cluster.js';
import { textOfKnobs } from '../../src/playground/experiment-text.js';
import {
  clusterOfPreset,
  type Knobs,
  NODE_TTLS,
  SYNC_FREQUENCIES,
  type Way,
  WAYS,
} from '../../src/playground/knobs.js';

const KNOBS = fc.record({
  strategy: fc.constantFrom(...STRATEGY_NAMES),
  syncFrequency: fc.constantFrom(...SYNC_FREQUENCIES),
  nodeTTL: fc.constantFrom(...NODE_TTLS),
  release: fc.constantFrom(...RELEASES),
  apiServers: fc.integer({ min: 1, max: 100 }),
  immutableShare: fc.integer({ min: 0, max: 20 }).map((twentieths) => twentieths / 20),
  nodes: fc.integer({ min: 1, max: 20_000 }),
  podsPerNode: fc.integer({ min: 1, max: 250 }),
  way: fc.constantFrom(...(Object.keys(WAYS) as Way[])),
  seed: fc.string({ unit: 'binary', minLength: 1 }),
});

/** What is rotated, and how. */
function rotationOf(timeline: readonly TimelineEntry[]): Pick<Knobs, 'rotated' | 'way'> {
  const [first] = timeline;
  const second = timeline.at(1);
  if (first.update === undefined) return { rotated: String(first.replace), way: first.by as Way };
  expect(second?.rollout?.consumersOf ?? first.update).to.equal(first.update);
  return { rotated: first.update, way: second?.rollout === undefined ? 'inPlace' : 'restart' };
}

describe('the experiment behind the playground', () => {
  it('is what the knobs say, for every preset, class and value', async () => {
    const chosen = fc.constantFrom(...PRESETS).chain((preset) => {
      const cluster = clusterOfPreset(preset);
      return fc.record({
        cluster: fc.constant(cluster),
        rotated: fc.constantFrom(...cluster.classes.map(({ name }) => name)),
      });
    });
    await fc.assert(
      fc.asyncProperty(KNOBS, chosen, async (some, { cluster, rotated }) => {
        const knobs: Knobs = { ...some, rotated };
        const { immutableShare, ...others } = knobs;
        const { spec } = await readQuestion({ text: textOfKnobs(knobs, cluster), topology: null });
        expect({
          strategy: spec.kubelet.configMapAndSecretChangeDetectionStrategy,
          syncFrequency: spec.kubelet.syncFrequency,
          nodeTTL: spec.kubelet.nodeTTL,
          release: spec.cluster.kubernetesVersion,
          apiServers: spec.cluster.apiServers,
          nodes: spec.cluster.nodes,
          podsPerNode: spec.cluster.podsPerNode,
          seed: spec.seed,
          ...rotationOf(spec.timeline),
        }).to.deep.equal(others);
        for (const { name, scope, immutable } of spec.objects) {
          const changes = name === rotated || scope === 'cluster';
          expect(Number(immutable), name).to.equal(changes ? 0 : immutableShare);
        }
      }),
      { seed: 1, numRuns: 60 },
    );
  });

  it('names the Secret of a dumped cluster, whatever it is called', async () => {
    const cluster: DumpedCluster = {
      type: 'dump',
      file: 'cluster.json',
      nodes: 1,
      pods: 1,
      targets: [{ object: 'default/yes: # no', kind: 'Secret', pods: 1 }],
      release: '1.30',
      apiServers: 0,
      warnings: [],
    };
    const start = clusterOfPreset(PRESETS[0]).start;
    const topology = {
      apiVersion: 'secretsim/v1' as const,
      kind: 'Topology' as const,
      nodes: [{ name: 'node' }],
      objects: [{ namespace: 'default', name: 'yes: # no', kind: 'Secret' as const, size: 1 }],
      pods: [{ namespace: 'default', name: 'pod', node: 0, uses: [{ object: 0, as: 'volume' as const }] }],
    };
    const text = textOfKnobs({ ...start, rotated: 'default/yes: # no' }, cluster);
    const { spec } = await readQuestion({ text, topology });
    expect(spec.timeline[0].update).to.equal('default/yes: # no');
    expect(spec.cluster.nodes).to.equal(undefined);
  });
});
