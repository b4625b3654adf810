import { expect } from 'chai';
import { range } from 'd3-array';
import { type Bound, noBound } from '../../src/cluster/model/bound.js';
import type { PipelineInput } from '../../src/cluster/model/model-input.js';
import type { RotationTimes } from '../../src/cluster/model/run-record.js';
import { specSchema } from '../../src/experiment/language/schema.js';
import { answerJson } from '../../src/report/answer-data.js';
import { rotationTable } from '../../src/report/tables/rotation.js';
import { overlapAdvice, rotationLines } from '../../src/report/rotation-lines.js';
import { summarizeScenarios } from '../../src/report/scenario-summary.js';
import { answerTable } from '../../src/report/terminal.js';
import { BOUND, experiment, metrics, outcome, record, run, strategies } from './fixtures.js';

const POLLED: PipelineInput = { refreshIntervalUs: 3600e6, reloadIntervalUs: 0, reloadDelayUs: 0 };

/** An experiment that asks for its rotations, of so many scenarios. */
function asked(scenarios: number, pipeline: PipelineInput | null) {
  return experiment({
    scenarios: strategies(...range(scenarios).map(() => 'Watch' as const)).map((scenario) => ({
      ...scenario,
      input: { ...scenario.input, rotation: { pipeline } },
    })),
    spec: specSchema.parse({ output: { rotation: true } }),
  });
}

type Times = readonly number[];

/** No closed form, as in most tests of quantiles. */
const UNBOUND = noBound('rollout in the timeline may hold pods up');

/** A finished experiment whose replications have rotations that took so long. */
function finished(
  kubelet: readonly Times[],
  pipeline: readonly Times[] | null = null,
  { never = 0, bound = UNBOUND }: { readonly never?: number; readonly bound?: Bound } = {},
) {
  const of = (each: ReturnType<typeof asked>) =>
    outcome(
      each.scenarios.flatMap(({ index }) =>
        kubelet.map((times, replication) => {
          const rotations: RotationTimes = {
            kubeletS: Float64Array.from(times),
            pipelineS: pipeline && Float64Array.from(pipeline[replication]),
          };
          const changes = { rotations, bound, metrics: metrics({ updates: times.length, never_projected: never }) };
          return run(index, replication + 1, record(0, changes));
        }),
      ),
    );
  const one = asked(1, pipeline && POLLED);
  const [summary] = summarizeScenarios(one, of(one));
  return { summary, experiment: one, outcome: of(one), of };
}

function rows(result: ReturnType<typeof finished>) {
  const table = rotationTable(result.experiment, [result.summary]);
  if (table === null) throw new Error('no table');
  const names = table.columns.map(({ name }) => name);
  return [...table.rows].map((row) => Object.fromEntries(names.map((name, index) => [name, row[index]])));
}

const ONE_EACH = range(4000).map((index) => [1 + ((index * 7) % 4000) / 100]);

describe('rotation.csv', () => {
  it('has the order statistics around each share where each replication has one rotation', () => {
    const result = rows(finished(ONE_EACH));
    expect(result.map((row) => row['share_of_rotations'])).to.deep.equal([0.5, 0.9, 0.95, 0.99, 0.999]);
    const [median, , , , rarest] = result;
    expect(median).to.include({ stages: 'kubelet', replications: 4000, rotations: 4000, independent_rotations: 4000 });
    expect(median).to.include({ found_by: 'order statistics', note: '', unfinished: 0 });
    expect(median['overlap_s']).to.be.closeTo(20.995, 1e-9);
    expect(rarest).to.include({ replications_needed: null, note: '' });
    // The largest but three: 1 − 0.999 of 4,000.
    expect(rarest['overlap_s']).to.be.closeTo(40.95, 0.011);
    expect(rarest['ci95_high_s']).to.equal(40.99);
  });

  it('has no upper end where rotations are too few, and says how many replications it takes', () => {
    const result = rows(finished(ONE_EACH.slice(0, 400)));
    expect(result[3]).to.include({ share_of_rotations: 0.99, note: '', replications_needed: null });
    expect(result[4]).to.include({ ci95_high_s: null, replications_needed: 3688 });
    expect(result[4]['note']).to.equal(
      'too few rotations for an upper end: it takes about 3688 replications like these',
    );
  });

  it('counts rotations of a replication that are alike once', () => {
    const alike = ONE_EACH.slice(0, 400).map(([time]) => [time, time, time, time, time, time, time, time, time, time]);
    const result = rows(finished(alike));
    expect(result[0]).to.include({ rotations: 4000, independent_rotations: 400 });
    expect(result[0]['found_by']).to.equal('order statistics, effective number');
    expect(result[4]).to.include({ ci95_high_s: null, replications_needed: 3688 });
  });

  it('takes rotations with a pod that is still waiting for the longest', () => {
    const [median, , , rare] = rows(finished([...ONE_EACH.slice(0, 380), [Infinity], [Infinity]]));
    expect(median).to.include({ unfinished: 2, note: '' });
    expect(rare).to.include({ ci95_high_s: null, note: 'no upper end: pods were still waiting when runs ended' });
  });

  it('tells of the kubelets alone first, and of the whole pipeline where there is one', () => {
    const later = ONE_EACH.map(([time]) => [time + 100]);
    const result = rows(finished(ONE_EACH, later));
    expect(result.map(({ stages }) => stages)).to.deep.equal([
      ...range(5).map(() => 'kubelet'),
      ...range(5).map(() => 'pipeline'),
    ]);
    for (const index of range(5)) {
      expect(Number(result[5 + index]['overlap_s']) - Number(result[index]['overlap_s'])).to.be.closeTo(100, 1e-9);
    }
  });

  it('has the bound of its stages, or why there is none, and the worst that was seen', () => {
    const later = ONE_EACH.map(([time]) => [time + 100]);
    const [kubelet] = rows(finished(ONE_EACH, later, { bound: BOUND }));
    expect(kubelet).to.include({ bound_s: 91.3, no_bound: '', worst_seen_s: 40.99 });
    const pipeline = rows(finished(ONE_EACH, later, { bound: BOUND }))[5];
    expect(pipeline).to.include({ stages: 'pipeline', bound_s: 3691.3, worst_seen_s: 140.99 });
    const [none] = rows(finished([...ONE_EACH, [Infinity]]));
    expect(none).to.include({ bound_s: null, no_bound: UNBOUND.reason, worst_seen_s: 40.99 });
  });

  it('is only written where it is asked for', () => {
    const plain = experiment();
    expect(rotationTable(plain, summarizeScenarios(plain, outcome([run(0, 1)])))).to.equal(null);
  });
});

describe('how long to keep an old credential', () => {
  it('is a sentence, its numbers rounded to the safe side', () => {
    expect(overlapAdvice(finished(ONE_EACH).summary)).to.equal(
      'keep the old credential valid for 41 s (95 % interval 40 to 41 s): then 99.9 % of rotations leave no pod with the old one.',
    );
  });

  it('counts from the change at a polled source, to the applications', () => {
    const later = ONE_EACH.map(([time]) => [time + 3600]);
    expect(overlapAdvice(finished(ONE_EACH, later).summary)).to.equal(
      'keep the old credential valid for 3,641 s from its change at the source (95 % interval 3,640 to 3,641 s): then ' +
        '99.9 % of rotations leave no application with the old one. The kubelets alone need 41 s.',
    );
  });

  it('is the bound where there is one, the kubelets’ own or through the pipeline; quantiles stand behind', () => {
    const behind = '99.9 % of rotations are over after';
    expect(overlapAdvice(finished(ONE_EACH, null, { bound: BOUND }).summary)).to.equal(
      `keep the old credential valid for 91.3 s: then no pod is left with the old one. ${behind} 41 s (95 % interval 40 to 41 s).`,
    );
    const later = ONE_EACH.map(([time]) => [time + 3600]);
    expect(overlapAdvice(finished(ONE_EACH, later, { bound: BOUND }).summary)).to.equal(
      'keep the old credential valid for 3,692 s from its change at the source: then no application is left with the ' +
        `old one. The kubelets alone need 91.3 s. ${behind} 3,641 s (95 % interval 3,640 to 3,641 s).`,
    );
    const few = finished([[3]], null, { bound: BOUND, never: 1 });
    expect(overlapAdvice(few.summary)).to.match(
      /^keep the old credential valid for 91\.3 s: then no pod is left with the old one, but for those that never see updates\.$/,
    );
  });

  it('is told for the rarest share that the rotations are enough for', () => {
    expect(overlapAdvice(finished(ONE_EACH.slice(0, 400)).summary))
      .to.match(/^keep the old credential valid for \d+ s \(95 % interval .*\): then 99 % of rotations leave no pod/)
      .and.to.match(
        / How long 99.9 % take cannot be told from 400 rotations: that needs about 3,688 replications like these\.$/,
      );
    expect(overlapAdvice(finished([[3]]).summary)).to.equal(
      'How long 99.9 % take cannot be told from 1 rotation: that needs about 3,688 replications like these.',
    );
  });

  it('is not known where rotations are not over', () => {
    expect(overlapAdvice(finished([...ONE_EACH, ...range(40).map(() => [Infinity])]).summary)).to.match(
      /How long 99.9 % take cannot be told from 4,040 rotations: 40 were not over when their runs ended\.$/,
    );
  });

  it('leaves out those that never see updates, and says so', () => {
    expect(overlapAdvice(finished(ONE_EACH, null, { never: 3 }).summary)).to.match(
      /, but for those that never see updates\.$/,
    );
  });

  it('stands in the answer of few scenarios, and where to look in that of many', () => {
    const { of } = finished(ONE_EACH.slice(0, 10));
    const linesOf = (scenarios: number) => {
      const many = asked(scenarios, null);
      return { many, lines: rotationLines(many, summarizeScenarios(many, of(many))) };
    };
    expect(linesOf(4).lines).to.have.length(4);
    const { many, lines } = linesOf(5);
    expect(lines).to.deep.equal([
      'How long to keep the old credential valid in each of the 5 scenarios: rotation.csv.',
    ]);
    expect(answerTable(many, of(many), { width: 100, colour: false })).to.contain(lines[0]);
  });

  it('is part of the answer for programs, where it was asked for', () => {
    const { experiment: one, outcome: all } = finished(ONE_EACH);
    const { scenarios } = JSON.parse(answerJson(one, all)) as {
      scenarios: { rotation?: { answer: string; overlaps: object[] } }[];
    };
    expect(scenarios[0].rotation?.answer).to.match(/^keep the old credential valid for 41 s/);
    expect(scenarios[0].rotation?.overlaps).to.have.length(5);
    const plain = experiment();
    expect(answerJson(plain, outcome([run(0, 1)]))).not.to.contain('"rotation":');
  });
});
