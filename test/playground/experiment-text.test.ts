import { expect } from 'chai';
import fc from 'fast-check';
import { PRESETS } from '../../src/experiment/language/presets.js';
import type { TimelineEntry } from '../../src/experiment/language/timeline-schema.js';
import type { DumpedCluster } from '../../src/playground/dumped-cluster.js';
import { textOfKnobs } from '../../src/playground/experiment-text.js';
import { readQuestion } from '../../src/playground/question.js';
import { SETTINGS } from './settings.js';
import { clusterOfPreset, type Knobs, NONE, type Way } from '../../src/playground/knobs.js';

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
    await fc.assert(
      fc.asyncProperty(SETTINGS, async ({ cluster, knobs }) => {
        const { spec, scenarios, replications } = await readQuestion(
          { now: textOfKnobs(knobs, cluster), pinned: null },
          null,
        );
        const { rotated, way, restart, slo, comparedRelease, release, immutableShare } = knobs;
        expect({ ...spec.kubelet, ...spec.cluster, ...rotationOf(spec.timeline), ...spec.pipeline }).to.deep.include({
          configMapAndSecretChangeDetectionStrategy: knobs.strategy,
          syncFrequency: knobs.syncFrequency,
          nodeTTL: knobs.nodeTTL,
          ...(knobs.kubeAPIQPS !== null && { kubeAPIQPS: knobs.kubeAPIQPS }),
          ...(knobs.kubeAPIBurst !== null && { kubeAPIBurst: knobs.kubeAPIBurst }),
          ...{ kubernetesVersion: release, apiServers: knobs.apiServers },
          ...{ nodes: knobs.nodes, podsPerNode: knobs.podsPerNode, rotated, way },
          ...(knobs.refreshInterval !== NONE && { source: { refreshInterval: knobs.refreshInterval } }),
          ...(knobs.reloadInterval !== NONE && { application: { reloadInterval: knobs.reloadInterval } }),
        });
        expect(spec.timeline.some(({ restartApiServer }) => restartApiServer !== undefined)).to.equal(
          restart !== 'none',
        );
        expect(spec.slos).to.deep.equal(slo === '' ? [] : [slo]);
        expect([spec.seed, replications]).to.deep.equal([knobs.seed, knobs.replications]);
        const compared = comparedRelease === NONE || comparedRelease === release ? [] : [comparedRelease, release];
        expect(scenarios.flatMap(({ factors }) => factors['cluster.kubernetesVersion'] ?? [])).to.deep.equal(compared);
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
    const { spec } = await readQuestion({ now: text, pinned: null }, topology);
    expect(spec.timeline[0].update).to.equal('default/yes: # no');
    expect(spec.cluster.nodes).to.equal(undefined);
  });
});
