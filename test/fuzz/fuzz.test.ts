import { expect } from 'chai';
import fc from 'fast-check';
import { estimateRunSeconds } from '../../src/experiment/language/time-estimate.js';
import { type Case, experiments } from './legal-experiments.js';
import { checkRun, scenarioOf } from './oracle.js';

/**
 * Random legal experiments, each from a seed of its own, so that a failure is repeated by its number alone:
 *
 *     FUZZ_RUNS=5000 npx mocha dist/test/fuzz/fuzz.test.js              five thousand from seed 1 on
 *     FUZZ_FROM=51 FUZZ_RUNS=1 npx mocha dist/test/fuzz/fuzz.test.js    the one with seed 51
 *
 * A failure prints its experiment as JSON. By hand (FUZZ_RUNS is set), no run may take more than five times its
 * estimate.
 */
const RUNS_IN_CI = 200;
const { FUZZ_RUNS, FUZZ_FROM = '1' } = process.env;
const RUNS = Number(FUZZ_RUNS ?? RUNS_IN_CI);
const FROM = Number(FUZZ_FROM);
const ESTIMATE_FACTOR = 5;

function caseOf(seed: number): Case {
  const [drawn] = fc.sample(experiments, { seed, numRuns: 1 });
  return drawn;
}

describe('a legal experiment, whatever it asks for', () => {
  it('runs to its end with plain numbers, loses nothing, and gives the same by every engine', async function () {
    this.timeout(0);
    let refused = 0;
    for (let seed = FROM; seed < FROM + RUNS; seed++) {
      const drawn = caseOf(seed);
      try {
        const scenario = await scenarioOf(drawn);
        if (scenario === null) {
          refused++;
          continue;
        }
        const seconds = checkRun(scenario.input);
        if (FUZZ_RUNS === undefined) continue;
        expect(seconds, 'seconds of the run').to.be.below(ESTIMATE_FACTOR * estimateRunSeconds(scenario.input));
      } catch (error) {
        throw new Error(`seed ${seed}: ${JSON.stringify(drawn)}`, { cause: error });
      }
    }
    expect(refused, 'experiments that are refused').to.be.below(RUNS / 10 + 1);
  });
});
