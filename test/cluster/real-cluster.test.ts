import { deviation, max, mean, quantile } from 'd3-array';
import { expect } from 'chai';
import type { ModelInput, Strategy } from '../../src/cluster/model-input.js';
import type { RunRecord } from '../../src/cluster/run-record.js';
import { buildTopology, simulate } from '../../src/cluster/simulate.js';
import type { TopologyFile, TopologyUse } from '../../src/cluster/topology-file.js';
import { measured, type Row } from './measured.js';
import { change, inputOf } from './scenario.js';

const REPLICATIONS = 100;
/**
 * Thirty-odd statistics are compared at a family-wise level of 1 % (Bonferroni), two-sided, with the
 * simulated replications' normal approximation: 3.8 standard deviations.
 */
const DEVIATIONS = 3.8;

/** The laboratory's group: its nodes, pods and Secrets, cold start, and the very update times. */
function groupInput(group: string, strategy: Strategy, syncFrequency: number): ModelInput {
  const pods = measured('pods').filter((row) => row.group === group);
  const nodes = [...new Set(pods.map((pod) => pod.node))];
  const own = (pod: Row): string => pod.pod.replace('p-', 'own-');
  const names = ['shared', ...nodes.map((node) => `imm-${node}`), ...pods.map(own)];
  const use = (name: string, volume: number): TopologyUse => ({ object: names.indexOf(name), as: 'volume', volume });
  const file: TopologyFile = {
    apiVersion: 'secretsim/v1',
    kind: 'Topology',
    nodes: nodes.map((name) => ({ name })),
    objects: names.map((name) => ({
      namespace: 'default',
      name,
      kind: 'Secret',
      size: 700,
      ...(name.startsWith('imm-') && { immutable: true }),
    })),
    pods: pods.map((pod) => ({
      namespace: 'default',
      name: pod.pod,
      node: nodes.indexOf(pod.node),
      uses: [use('shared', 0), use(own(pod), 1), use(`imm-${pod.node}`, 2)],
    })),
  };
  const timeline = measured('updates')
    .filter((update) => names.includes(update.object))
    .map((update) => change('update', `default/${update.object}`, Number(update.sent_at_s)));
  const duration = Math.max(...measured('requests').map((request) => Number(request.received_at_s)));
  const input = inputOf({
    release: '1.20',
    strategy,
    syncFrequency,
    ttl: 'unset',
    start: 'cold',
    duration,
    drain: 0,
    samples: 'all',
    apiServers: 1,
    kubelet: { kubeAPIQPS: 50, kubeAPIBurst: 100 },
    timeline,
  });
  return { ...input, warmupUs: 0, cluster: { type: 'imported', file } };
}

/** Delays from acknowledgement, as the laboratory measured them, of one kind of Secret. */
function simulatedDelays({ samples, updates }: RunRecord, shared: boolean): number[] {
  if (samples === null) throw new Error('no samples');
  return Array.from(samples.projectedAtUs, (at, i) => ({
    shared: samples.object[i] === 'default/shared',
    delay: at / 1e6 - updates[samples.update[i] - 1].acknowledgedAtS,
  })).flatMap((row) => (row.shared === shared ? [row.delay] : []));
}

const STATISTICS: Readonly<Record<string, (delays: readonly number[]) => number | undefined>> = {
  mean: (delays) => mean(delays),
  p50: (delays) => quantile(delays, 0.5),
  p90: (delays) => quantile(delays, 0.9),
  p99: (delays) => quantile(delays, 0.99),
  maximum: (delays) => max(delays),
};

/** How far a measured value is from the simulated ones, in their standard deviations. */
function distance(real: number, simulated: readonly number[]): number {
  const spread = Math.max(deviation(simulated) ?? NaN, 1e-9);
  return Math.abs(real - (mean(simulated) ?? NaN)) / spread;
}

/** Distances of the measured delays' statistics from those of some runs. */
function delayDistances(group: string, shared: boolean, runs: readonly RunRecord[]): Record<string, number> {
  const rows = measured('projections').filter((row) => row.group === group);
  const real = rows.filter((row) => (row.object === 'shared') === shared).map((row) => Number(row.delay_s));
  const simulated = runs.map((record) => simulatedDelays(record, shared));
  for (const delays of simulated) expect(delays).to.have.lengthOf(real.length);
  return Object.fromEntries(
    Object.entries(STATISTICS).map(([name, of]) => [
      name,
      distance(
        of(real) ?? NaN,
        simulated.map((delays) => of(delays) ?? NaN),
      ),
    ]),
  );
}

/** Replications of an input. */
function replicate(input: ModelInput, replications: number): RunRecord[] {
  const topology = buildTopology(input);
  return Array.from({ length: replications }, (_, r) => simulate(input, r + 1, { topology }));
}

describe('a real cluster (1.20.2, experiments/validation)', function () {
  this.timeout(60_000);
  const groups = [
    ['a', 'Watch', 60],
    ['b', 'Cache', 60],
    ['d', 'Watch', 10],
  ] as const;
  for (const [group, strategy, syncFrequency] of groups) {
    describe(`group ${group}: ${strategy}, syncFrequency ${syncFrequency} s`, () => {
      const input = groupInput(group, strategy, syncFrequency);
      let runs: RunRecord[];
      before(() => {
        runs = replicate(input, REPLICATIONS);
      });

      for (const shared of [true, false]) {
        it(`has the delays of the simulation: ${shared ? 'the shared Secret' : 'the Secrets of single pods'}`, () => {
          for (const [name, deviations] of Object.entries(delayDistances(group, shared, runs))) {
            expect(deviations, name).to.be.below(DEVIATIONS);
          }
        });
      }

      it('has the LISTs and cached GETs of the simulation', () => {
        const answered = measured('requests').filter((row) => row.group === group && row.status === '200');
        const count = (verb: string, version: string): number =>
          answered.filter((row) => row.verb === verb && row.resource_version === version).length;
        const perRun = (of: (metrics: RunRecord['metrics']) => number): number[] =>
          runs.map(({ metrics }) => Math.round((of(metrics) * input.durationUs) / 1e6));
        const lists = perRun((metrics) => metrics.list_per_s ?? NaN);
        expect(distance(count('list', '0'), lists), 'LISTs').to.be.below(DEVIATIONS);
        const cached = perRun((metrics) => (metrics.get_per_s ?? NaN) - (metrics.quorum_reads_per_s ?? NaN));
        expect(distance(count('get', '0'), cached), 'cached GETs').to.be.below(DEVIATIONS);
      });
    });
  }

  describe('rejects wrong models', () => {
    const farthest = (group: string, shared: boolean, input: ModelInput): number =>
      Math.max(...Object.values(delayDistances(group, shared, replicate(input, 30))));
    const watch = groupInput('a', 'Watch', 60);
    const cache = groupInput('b', 'Cache', 60);

    it('without the jitter of the sync interval', () => {
      const input = { ...watch, kubelet: { ...watch.kubelet, workerResyncIntervalJitterFactor: 0 } };
      expect(farthest('a', true, input)).to.be.above(DEVIATIONS);
    });

    it('with half and with twice the TTL', () => {
      for (const nodeTtl of [30e6, 120e6]) {
        expect(farthest('b', true, { ...cache, kubelet: { ...cache.kubelet, nodeTtl } })).to.be.above(DEVIATIONS);
      }
    });

    it('without the cache', () => {
      expect(farthest('b', true, { ...cache, kubelet: { ...cache.kubelet, strategy: 'Get' } })).to.be.above(DEVIATIONS);
    });
  });
});
