import { expect } from 'chai';
import { range } from 'd3-array';
import fc from 'fast-check';
import type { ModelInput, PipelineInput } from '../../../src/cluster/model/model-input.js';
import type { Strategy } from '../../../src/cluster/kubelet/secret-manager/strategies.js';
import type { RotationTimes, RunRecord } from '../../../src/cluster/model/run-record.js';
import { nodesOf, simulate } from '../../../src/cluster/run/simulate.js';
import { quantileR7 } from '../../../src/experiment/statistics/statistics.js';
import { change, inputOf, objectClass, type Scenario } from '../scenario.js';
import { replace } from '../timeline-actions.js';

const S = 1e6;
/** Each rotation of a run meets chance of its own. */
const REPLICATIONS = 20;
const ROTATIONS = 100;

const NOTHING: PipelineInput = { refreshIntervalUs: 0, reloadIntervalUs: 0, reloadDelayUs: 0 };

function inputWith(scenario: Scenario, pipeline: PipelineInput | null): ModelInput {
  return { ...inputOf(scenario), rotation: { pipeline } };
}

function timesOf(record: RunRecord): RotationTimes & { readonly pipelineS: Float64Array } {
  const { rotations } = record;
  if (rotations.pipelineS === null) throw new Error('no rotations were asked for');
  return { ...rotations, pipelineS: rotations.pipelineS };
}

/** A cluster whose pods have new files at once, and a pipeline around it: how long rotations take, ascending, s. */
function aroundInstantKubelets(pods: number, pipeline: Partial<PipelineInput>): Float64Array {
  const scenario: Scenario = {
    pure: true,
    nodes: pods,
    duration: ROTATIONS,
    timeline: [change('update', 'shared', 0.5, { everyUs: S })],
    kubelet: {
      whatIf: { syncOnWatchEvent: true, watchPerNode: false, adaptiveTtl: null, watchOnlyWhatUpdates: false },
    },
  };
  return sorted(inputWith(scenario, { ...NOTHING, ...pipeline }));
}

function sorted(input: ModelInput): Float64Array {
  const nodes = nodesOf(input);
  const runs = range(REPLICATIONS).map((index) => simulate(input, index + 1, { nodes }));
  return Float64Array.from(runs.flatMap((run) => [...timesOf(run).pipelineS])).sort();
}

/**
 * Holds quantiles to a law: its share at the empirical quantile is within four standard errors of that quantile's own.
 */
function expectLaw(times: Float64Array, law: (seconds: number) => number): void {
  expect(times).to.have.length(REPLICATIONS * ROTATIONS);
  expect(new Set(times).size, 'hardly two are alike').to.be.above(0.99 * times.length);
  for (const p of [0.5, 0.9, 0.95, 0.99, 0.999]) {
    const tolerance = 4 * Math.sqrt((p * (1 - p)) / times.length) + 1 / times.length;
    expect(law(quantileR7(times, p) ?? NaN), `quantile ${p}`).to.be.closeTo(p, tolerance);
  }
}

/** P(U[0, a) + U[0, b) ≤ x), a ≥ b: a trapezium under the density. */
function sumOfUniforms(a: number, b: number): (x: number) => number {
  const above = (x: number): number => Math.max(0, x) ** 2 / 2;
  return (x) => (above(x) - above(x - a) - above(x - b) + above(x - a - b)) / (a * b);
}

describe('a pipeline around the kubelets', () => {
  it('waits U[0, refreshInterval) for the poll of its source', () => {
    expectLaw(aroundInstantKubelets(1, { refreshIntervalUs: 3600 * S }), (x) => x / 3600);
  });

  it('waits for the last of n applications that poll their files: its law is that of one to the power of n', () => {
    expectLaw(aroundInstantKubelets(8, { reloadIntervalUs: 10 * S }), (x) => (x / 10) ** 8);
  });

  it('adds both, and a constant', () => {
    const times = aroundInstantKubelets(1, {
      refreshIntervalUs: 60 * S,
      reloadIntervalUs: 10 * S,
      reloadDelayUs: 5 * S,
    });
    expectLaw(times, (x) => sumOfUniforms(60, 10)(x - 5));
  });

  it('adds the poll of the source to a sync of constant interval under Watch', () => {
    const scenario: Scenario = {
      pure: true,
      nodes: 1,
      duration: 120 * ROTATIONS,
      // At a uniform time of a sync interval: each meets it at a phase of its own.
      timeline: [change('update', 'shared', 0, { everyUs: 120 * S, jitterUs: 60 * S })],
      kubelet: { workerResyncIntervalJitterFactor: 0 },
    };
    expectLaw(sorted(inputWith(scenario, { ...NOTHING, refreshIntervalUs: 300 * S })), sumOfUniforms(300, 60));
  });

  it('is what the kubelets do where its stages take no time', () => {
    const strategy = fc.constantFrom<Strategy>('Watch', 'Cache', 'Get');
    fc.assert(
      fc.property(strategy, fc.integer({ min: 1, max: 12 }), fc.string(), (each, nodes, seed) => {
        const { kubeletS, pipelineS } = timesOf(
          simulate(inputWith({ ...TWICE, strategy: each, nodes, seed }, NOTHING), 1),
        );
        expect(pipelineS).to.deep.equal(kubeletS);
        expect(kubeletS).to.have.length(2);
      }),
      { numRuns: 20 },
    );
  });

  it('changes nothing of the run', () => {
    const { rotations, updates, execution, ...record } = simulate(
      inputWith(TWICE, { ...NOTHING, reloadDelayUs: S }),
      1,
    );
    const { rotations: without, updates: before, execution: executed, ...plain } = simulate(inputOf(TWICE), 1);
    expect(record).to.deep.equal(plain);
    expect(updates.map(({ pipelineS }) => pipelineS)).not.to.include(undefined);
    expect(updates).to.deep.equal(before.map((update, index) => ({ ...update, pipelineS: updates[index].pipelineS })));
    expect(execution).to.deep.equal(executed);
    expect(rotations.kubeletS).to.deep.equal(without.kubeletS);
    expect(without.pipelineS).to.equal(null);
  });

  it('meets the same chance under every strategy and in every size of cluster', () => {
    const waits = (changes: Scenario): number[] => {
      const input = inputWith({ ...TWICE, ...changes }, { ...NOTHING, refreshIntervalUs: 3600 * S });
      const { kubeletS, pipelineS } = timesOf(simulate(input, 1));
      return Array.from(pipelineS, (time, update) => Math.round((time - kubeletS[update]) * S));
    };
    const plain = waits({});
    expect(plain[0]).not.to.equal(plain[1]);
    for (const changes of [{ strategy: 'Get' }, { strategy: 'Cache' }, { nodes: 30 }, { apiServers: 1 }] as const) {
      expect(waits(changes)).to.deep.equal(plain);
    }
  });

  it('reloads no pod that has come in place of another: it reads its files as it starts', () => {
    const replaced: Scenario = { ...TWICE, timeline: [replace(100, 'shared')] };
    const { kubeletS, pipelineS } = timesOf(simulate(inputWith(replaced, { ...NOTHING, reloadDelayUs: 100 * S }), 1));
    expect(kubeletS).to.have.length(1);
    expect(pipelineS).to.deep.equal(kubeletS);
  });

  it('is not over while a pod is pending', () => {
    const cut: Scenario = { ...TWICE, duration: 310, drain: 0 };
    const { kubeletS, pipelineS } = timesOf(simulate(inputWith(cut, { ...NOTHING, reloadDelayUs: S }), 1));
    expect(kubeletS[1]).to.equal(Infinity);
    expect(pipelineS[1]).to.equal(Infinity);
    expect(pipelineS[0]).to.be.closeTo(kubeletS[0] + 1, 1e-9);
  });

  it('has no rotation of an object that no pod sees change', () => {
    const blind: Scenario = { ...TWICE, classes: [objectClass('shared', { as: 'env' })] };
    expect(timesOf(simulate(inputWith(blind, NOTHING), 1)).kubeletS).to.have.length(0);
  });
});

const TWICE: Scenario = {
  podsPerNode: 3,
  timeline: [change('update', 'shared', 100), change('update', 'shared', 300)],
};
