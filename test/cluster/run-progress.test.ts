import { expect } from 'chai';
import type { ModelInput } from '../../src/cluster/model/model-input.js';
import { simulate } from '../../src/cluster/run/simulate.js';
import { everything, textOf } from './everything.js';
import { change, inputOf } from './scenario.js';
import { crash } from './timeline-actions.js';

/** How much of a run was told to be done, time after time. */
function sharesOf(input: ModelInput, eager = false): number[] {
  const shares: number[] = [];
  const watched = simulate(input, 1, { eager, onProgress: (share) => shares.push(share) });
  expect(textOf(watched)).to.equal(textOf(simulate(input, 1, { eager })));
  return shares;
}

describe('the progress of a run', () => {
  it('is told after each node where nodes are simulated one after another', () => {
    expect(sharesOf(inputOf({ ...everything, nodes: 4 }))).to.deep.equal([0.25, 0.5, 0.75, 1]);
  });

  it('is the share of the time that is simulated where all nodes are in one queue, and changes nothing', () => {
    const coupled = { nodes: 5, duration: 300, timeline: [change('update', 'shared', 30), crash(60)] };
    for (const shares of [
      sharesOf(inputOf({ ...coupled, apiServer: { capacity: 4 } })),
      sharesOf(inputOf(everything), true),
    ]) {
      expect(shares).to.have.lengthOf(199);
      shares.forEach((share, step) => {
        expect(share).to.be.closeTo((step + 1) / 200, 1e-12);
      });
    }
  });
});
