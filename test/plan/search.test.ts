import { expect } from 'chai';
import { range } from 'd3-array';
import fc from 'fast-check';
import { Candidate } from '../../src/plan/candidate.js';
import { findCheapest, type Goal, paretoFront } from '../../src/plan/search.js';
import { RandomStream } from '../../src/sim/random.js';
import { sloOf } from '../experiment/fakes.js';

const GOAL: Goal = {
  slos: [sloOf('delay_p99_s < 60')],
  cost: 'apiserver_cpu_cores',
  delay: 'delay_p99_s',
  replications: 20,
};

/** Settings of known mean cost and delay, measured with noise that all of them share in part. */
class Settings {
  readonly candidates: readonly Candidate[];
  runs = 0;

  constructor(
    private readonly means: readonly (readonly [cost: number, delay: number])[],
    private readonly noise: number,
    seed: string,
  ) {
    this.candidates = means.map((_, index) => new Candidate(index, `s${index}`));
    this.random = RandomStream.fromSeed(seed, 'settings');
  }
  private readonly random: RandomStream;

  readonly measure = (candidates: readonly Candidate[], replications: number): Promise<void> => {
    for (const candidate of candidates) {
      while (candidate.runs.length < replications) {
        candidate.runs.push(this.run(candidate.index, candidate.runs.length));
        this.runs++;
      }
    }
    return Promise.resolve();
  };

  private run(index: number, replication: number): { apiserver_cpu_cores: number; delay_p99_s: number } {
    const draw = (entity: number, place: number): number =>
      this.noise * (this.random.uniform(entity, replication, place) - 0.5);
    const [cost, delay] = this.means[index];
    const shared = draw(0, 0);
    return {
      apiserver_cpu_cores: cost * (1 + shared + draw(index + 1, 1) / 4),
      delay_p99_s: delay * (1 + shared + draw(index + 1, 2) / 4),
    };
  }
}

/** What a run of all settings in all replications tells. */
async function bruteForce(settings: Settings): Promise<Candidate | undefined> {
  await settings.measure(settings.candidates, GOAL.replications);
  return settings.candidates
    .filter((candidate) => candidate.meets(GOAL.slos))
    .toSorted((a, b) => (a.mean(GOAL.cost) ?? 0) - (b.mean(GOAL.cost) ?? 0))
    .at(0);
}

describe('the search for the cheapest setting', () => {
  const grids = fc.array(fc.tuple(fc.integer({ min: 1, max: 40 }), fc.integer({ min: 20, max: 120 })), {
    minLength: 1,
    maxLength: 40,
  });

  it('finds what a run of all settings finds, where settings differ by more than the noise', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.uniqueArray(
          grids.map((grid) => grid[0]),
          { minLength: 1, maxLength: 30, selector: ([cost]) => cost },
        ),
        fc.string(),
        async (means, seed) => {
          // 60 ± 1 would be a matter of luck for both.
          const clear = means.map(([cost, delay]): readonly [number, number] => [
            cost,
            Math.abs(delay - 60) < 2 ? delay + 4 : delay,
          ]);
          const raced = new Settings(clear, 0.01, seed);
          const best = await findCheapest(raced.candidates, GOAL, raced.measure);
          expect(best?.index).to.equal((await bruteForce(new Settings(clear, 0.01, seed)))?.index);
        },
      ),
      { seed: 1, numRuns: 200 },
    );
  });

  it('takes a tenth of the runs where 60 settings differ by more than the noise', async () => {
    const means = range(60).map((i): readonly [number, number] => [100 - i, 30.5 + i]);
    const settings = new Settings(means, 0.01, 'tenth');
    const best = await findCheapest(settings.candidates, GOAL, settings.measure);
    // The delays rise by 1 as the costs fall by 1: 30.5 + 29 is the last one below 60.
    expect(best?.index).to.equal(29);
    expect(settings.runs).to.be.at.most((60 * GOAL.replications) / 10);
  });

  it('tells equal costs apart by the delay', async () => {
    const settings = new Settings([[1, 50], [1, 30], [1, 40]], 0, 'equal'); // prettier-ignore
    const best = await findCheapest(settings.candidates, GOAL, settings.measure);
    expect(best?.index).to.equal(1);
  });

  it('finds none where none meets the SLOs, and measures the closest one in full', async () => {
    const settings = new Settings([[1, 90], [5, 70], [9, 80]], 0.05, 'none'); // prettier-ignore
    expect(await findCheapest(settings.candidates, GOAL, settings.measure)).to.equal(null);
    expect(settings.candidates.map(({ runs }) => runs.length)).to.deep.equal([1, 20, 1]);
  });

  it('does not take a setting that one replication makes look good', async () => {
    const candidates = [new Candidate(0, 'lucky'), new Candidate(1, 'steady')];
    const delays = [[10, ...range(19).map(() => 80)], range(20).map(() => 50)];
    const best = await findCheapest(candidates, GOAL, (wanted, count) => {
      for (const { index, runs } of wanted)
        while (runs.length < count)
          runs.push({ apiserver_cpu_cores: index + 1, delay_p99_s: delays[index][runs.length] });
      return Promise.resolve();
    });
    expect(best?.name).to.equal('steady');
  });

  it('takes no setting in which a pod never got its keys in one replication', async () => {
    const candidates = [new Candidate(0, 'pending'), new Candidate(1, 'all')];
    const best = await findCheapest(candidates, GOAL, (wanted, count) => {
      for (const { index, runs } of wanted)
        while (runs.length < count)
          runs.push({ apiserver_cpu_cores: index, delay_p99_s: index === 0 && runs.length === 7 ? null : 50 });
      return Promise.resolve();
    });
    expect(best?.name).to.equal('all');
  });

  const FUNCTIONS = [
    ['max(delay_p99_s) < 60', 'of the worst replication'],
    ['p90(delay_p99_s) < 60', 'of a quantile'],
    ['share(delay_p99_s < 60) >= 90%', 'of a share'],
  ] as const;
  for (const [text, what] of FUNCTIONS)
    it(`finds what all replications of all settings find by an SLO ${what}`, async () => {
      const slos = [sloOf(text)];
      const means = range(20).map((i): readonly [number, number] => [100 - i, 42 + i]);
      const make = () => new Settings(means, 0.3, text);
      const [raced, all] = [make(), make()];
      await all.measure(all.candidates, GOAL.replications);
      const cheapest = all.candidates.filter((candidate) => candidate.meets(slos)).at(-1);
      expect(cheapest?.index).to.be.within(1, 18);
      const best = await findCheapest(raced.candidates, { ...GOAL, slos }, raced.measure);
      expect(best?.index).to.equal(cheapest?.index);
      expect(raced.runs).to.be.below(all.runs);
    });

  it('decides by one replication where there is only one', async () => {
    const settings = new Settings([[3, 40], [2, 50], [1, 70]], 0, 'one'); // prettier-ignore
    const best = await findCheapest(settings.candidates, { ...GOAL, replications: 1 }, settings.measure);
    expect([best?.index, settings.runs]).to.deep.equal([1, 3]);
  });
});

describe('the Pareto front', () => {
  it('has what no other setting beats in both, and nothing else', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(fc.integer({ min: 1, max: 9 }), fc.integer({ min: 1, max: 9 })), {
          minLength: 1,
          maxLength: 20,
        }),
        async (means) => {
          const settings = new Settings(means, 0, 'front');
          await settings.measure(settings.candidates, 1);
          const front = paretoFront(settings.candidates, GOAL.cost, GOAL.delay).map(({ index }) => means[index]);
          for (const [cost, delay] of means) {
            const beaten = means.some(([c, d]) => c <= cost && d <= delay && (c < cost || d < delay));
            expect(front.some(([c, d]) => c === cost && d === delay)).to.equal(!beaten);
          }
        },
      ),
      { seed: 2, numRuns: 200 },
    );
  });
});
