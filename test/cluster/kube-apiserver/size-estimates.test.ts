import { pairs } from 'd3-array';
import { expect } from 'chai';
import { SizeEstimates } from '../../../src/cluster/kube-apiserver/size-estimates.js';
import { RandomStream } from '../../../src/sim/random.js';

const S = 1e6;

/** When the loops of a watch cache that begins at `start` ask, up to `end`. */
function asked(start: number, end: number, replication: number): number[] {
  const estimates = new SizeEstimates(1, RandomStream.fromSeed('estimates', replication));
  estimates.begins(0, start);
  const found: number[] = [];
  for (let at = end; ;) {
    const last = estimates.lastBefore(0, at);
    if (last === -Infinity) return found.reverse();
    found.push(last);
    at = last - 1;
  }
}

describe('the counts of a resource that estimate what a LIST costs', () => {
  it('begin after a minute or more, and leave no gap longer than the metric does', () => {
    for (let replication = 0; replication < 50; replication++) {
      const times = asked(100 * S, 3700 * S, replication);
      expect(times[0]).to.be.within(160 * S, 190 * S);
      for (const [one, next] of pairs(times)) expect(next - one).to.be.within(1, 132 * S);
      // The metric alone asks every 96 s on average; with the second loop it is more often, and never every minute.
      expect(times.length).to.be.within(3600 / 96, 2 * 60);
    }
  });

  it('are known by any time, whatever was asked before', () => {
    const estimates = new SizeEstimates(1, RandomStream.fromSeed('estimates', 0));
    const later = estimates.lastBefore(0, 900 * S);
    const earlier = estimates.lastBefore(0, 450 * S);
    const fresh = new SizeEstimates(1, RandomStream.fromSeed('estimates', 0));
    expect(fresh.lastBefore(0, 450 * S)).to.equal(earlier);
    expect(fresh.lastBefore(0, 900 * S)).to.equal(later);
  });

  it('go on in servers that ran before the simulation begins', () => {
    const estimates = new SizeEstimates(1, RandomStream.fromSeed('estimates', 3));
    expect(estimates.lastBefore(0, 0)).to.be.within(-132 * S, 0);
  });
});
