import { expect } from 'chai';
import type { ConsumptionMode } from '../../../src/cluster/model/kinds.js';
import type { ModelInput } from '../../../src/cluster/model/model-input.js';
import type { TopologyFile } from '../../../src/cluster/model/topology-file.js';
import { simulate } from '../../../src/cluster/run/simulate.js';
import { ImageManager } from '../../../src/cluster/kubelet/image-manager.js';
import { experimentWith, TemporaryFiles } from '../../experiment/temporary-files.js';
import { change } from '../scenario.js';
import { fromTheStart, metricOf } from '../model/switches/observed.js';

const S = 1e6;

describe('a private image', () => {
  const files = new TemporaryFiles();
  after(() => files.remove());

  /** New pods on nodes of their own, some of which the node authorizer does not know yet when they start, s. */
  const slowest = async (how: string): Promise<number> => {
    const { scenarios } = await files.load(
      experimentWith(`
start: cold
warmup: 0s
duration: 2m
cluster: {kubernetesVersion: "1.34", nodes: 100, podsPerNode: 1, namespaces: 1, deploymentReplicas: 100, serviceAccountMaterial: none}
objects: [{name: regcred, kind: Secret, scope: deployment, ${how}}]
apiServer: {capacity: 4, dispatch: {p50: 20ms, p99: 100ms}}`),
    );
    return metricOf(simulate(scenarios[0].input, 1), 'pod_start_max_s');
  };

  it('costs a pod whose imagePullSecret cannot be read what a missing environment costs: 10 to 15 s', async () => {
    const found = await slowest('as: imagePullSecret');
    // The wait for the Secret, the repetition of the sync, and the tick of the sync loop.
    expect(found).to.be.within(1 + 10, 1 + 15 + 1);
    expect(found).to.equal(await slowest('as: env'));
    expect(found).to.equal(await slowest('as: imagePullSecret, image: private'));
  });

  it('is said to be public where a pod waits for its Secret for a second only', async () => {
    expect(await slowest('as: imagePullSecret, image: public')).to.be.within(1, 1.1);
    expect(await slowest('as: imagePullSecret, optional: true')).to.be.within(1, 1.1);
  });

  /** Pods that start at 0 without their Secret, which is created at `createdS`. */
  const without = (as: ConsumptionMode, createdS: number, release: string): ModelInput => {
    const nodes = Array.from({ length: 300 }, (_, node) => ({ name: `n${node}` }));
    const file: TopologyFile = {
      apiVersion: 'secretsim/v1',
      kind: 'Topology',
      nodes,
      objects: [{ namespace: 'd', name: 'absent', kind: 'Secret', size: 1, missing: true }],
      pods: nodes.map(({ name }, node) => ({ namespace: 'd', name, node, uses: [{ object: 0, as }] })),
    };
    const timeline = [change('recreate', 'd/absent', createdS)];
    const input = fromTheStart({ release, start: 'cold', duration: 100, timeline, kubelet: { syncTickerPeriodUs: 0 } });
    return { ...input, cluster: { type: 'imported', file } };
  };

  it('is not pulled within its back-off of 10, 20 s, although its Secret is there: three syncs instead of two', () => {
    for (const release of ['1.24', '1.36']) {
      // Syncs at 0, 10 to 15 and 20 to 30 s; the second failed pull forbids another for 20 s.
      const starts = (as: ConsumptionMode): number[] => {
        const record = simulate(without(as, 16, release), 1);
        expect(record.metrics.pods_started).to.equal(300);
        return [metricOf(record, 'pod_start_mean_s'), metricOf(record, 'pod_start_max_s')];
      };
      const [mean, max] = starts('imagePullSecret');
      const [environmentMean, environmentMax] = starts('env');
      // Means of two and of three U(10, 15); their standard deviations are 2.0 and 2.5 s.
      expect(environmentMean).to.be.closeTo(25, (4 * 2) / Math.sqrt(300));
      expect(mean).to.be.closeTo(37.5, (4 * 2.5) / Math.sqrt(300));
      expect(environmentMax).to.be.below(30.1);
      expect(max).to.be.within(40, 45.1);
    }
  });

  it('is the same whether syncs without effect are events or not', () => {
    for (const strategy of ['Watch', 'Cache', 'Get'] as const) {
      const input = without('imagePullSecret', 40, '1.34');
      const each = { ...input, kubelet: { ...input.kubelet, strategy } };
      const [lazy, eager] = [simulate(each, 1), simulate(each, 1, { eager: true })];
      expect(lazy.fingerprint).to.equal(eager.fingerprint);
      expect(lazy.metrics).to.deep.equal(eager.metrics);
    }
  });

  it('has a back-off that doubles from 10 s to 300 s, and is forgotten with its pod', () => {
    const backOffs = [10, 20, 40, 80, 160, 300, 300];
    const images = new ImageManager();
    let at = 0;
    for (const backOff of backOffs) {
      images.pull(0, at * S, false);
      expect(images.pull(0, (at + backOff) * S - 1, true), `within ${backOff} s`).to.equal(false);
      at += backOff;
    }
    images.pull(0, at * S, false);
    images.forget(0);
    expect(images.pull(0, at * S, true)).to.equal(true);
  });
});
