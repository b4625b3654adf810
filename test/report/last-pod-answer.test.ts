import { expect } from 'chai';
import { range } from 'd3-array';
import { noBound } from '../../src/cluster/model/bound.js';
import {
  boundText,
  lastPodAnswer,
  lastPodFields,
  noBoundText,
  rotationQuantile,
  seenText,
} from '../../src/report/last-pod-answer.js';
import { UniformInterval } from '../../src/sim/distributions.js';
import { power } from '../../src/sim/portable-math.js';
import { RandomStream } from '../../src/sim/random.js';
import { BOUND } from './fixtures.js';

/** Runs whose rotations took so long. */
const runs = (replications: readonly (readonly number[])[], bound: typeof BOUND | null = BOUND) =>
  replications.map((times) => ({
    record: { bound, rotations: { kubeletS: Float64Array.from(times), pipelineS: null } },
  }));

/** The last of so many pods of a rotation: the residual life of U[60, 90), F(x)ⁿ, at a uniform number. */
const PODS = 50;
const residual = new UniformInterval(60, 90);
const lastPod = (u: number): number => residual.residual(power(u, 1 / PODS));

describe('what is said of the last pod', () => {
  it('has the bound rounded up, and says what was seen', () => {
    const answer = lastPodAnswer(runs([[80, 85.04], [90]]));
    expect(boundText({ ...answer, bound: { ...BOUND, seconds: 91.301 } })).to.equal('91.4 s (bound)');
    expect(seenText(answer)).to.equal('worst seen 90 s in 3 rotations, mean 85.0 s');
    expect(answer).to.include({ rotations: 3, unfinished: 0, worstS: 90 });
  });

  it('says why there is no bound, and what a quantile takes', () => {
    const answer = lastPodAnswer(runs([[80], [85]], noBound('the reason')));
    expect([boundText(answer), noBoundText(answer)]).to.deep.equal(['', 'no closed form: the reason']);
    expect(seenText(answer)).to.match(/^worst seen 85 s in 2 rotations, p95 would take about 72 replications, mean/);
    expect(noBoundText(lastPodAnswer(runs([[80]], null)))).to.equal(null);
  });

  it('counts rotations that were not over', () => {
    const answer = lastPodAnswer(runs([[80], [Infinity]]));
    expect(seenText(answer)).to.equal('some pods are still without them at the end in 1 of 2 rotations');
    expect(lastPodFields(runs([[80], [Infinity]]))).to.deep.include({ unfinished: 1, worst_seen_s: 80, bound_s: 91.3 });
  });

  // With as many rotations the order statistics have a confidence of 95.4 % and 96.0 %; with 1,000 experiments the
  // standard error of a share is 0.7 %.
  for (const [share, rotations] of [
    [0.95, 110],
    [0.999, 4000],
  ] as const) {
    it(`is right of p${100 * share} in 93 to 97 % of 1,000 experiments of ${rotations} rotations`, () => {
      const stream = RandomStream.fromSeed('rotations', share);
      const drawn = (experiment: number, i: number): number => stream.uniform(0, experiment, i);
      const times = range(rotations).map((i) => lastPod(drawn(0, i)));
      const { low, high } = rotationQuantile(
        times.map((time) => Float64Array.of(time)),
        share,
      );
      // The ends are order statistics: how many rotations are below them, whatever their law.
      const [from, to] = [low, high].map((end) => times.filter((time) => time < (end ?? NaN)).length);
      const right = range(1000).filter((experiment) => {
        let below = 0;
        for (let i = 0; i < rotations; i++) if (drawn(experiment, i) < share) below++;
        return from < below && below <= to;
      });
      expect(right.length / 1000).to.be.within(0.93, 0.97);
    });
  }
});
