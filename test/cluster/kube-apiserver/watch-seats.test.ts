import { expect } from 'chai';
import { simulate } from '../../../src/cluster/run/simulate.js';
import { inputOf, objectClass } from '../scenario.js';
import { crash } from '../timeline-actions.js';

/** The only server, of one core, is killed and loses the watches of 60 nodes. */
function rejectedIn(release: string, podsPerNode: number): number | null {
  const input = inputOf({
    release,
    nodes: 60,
    podsPerNode,
    apiServers: 1,
    duration: 90,
    classes: [objectClass('own', { scope: 'pod' })],
    timeline: [crash(20, 'all', 1)],
    apiServer: { capacity: 1, nodeAuthorizer: false },
  });
  return simulate(input, 1).metrics.rejected_429;
}

describe('a WATCH that is being initialised', () => {
  it('keeps its seat meanwhile, so that a storm of them is rejected in part', () => {
    expect(rejectedIn('1.37', 80)).to.be.above(100);
  });

  it('takes no seat at 1.20', () => {
    expect(rejectedIn('1.20', 80)).to.equal(0);
  });

  it('finds one where there are few', () => {
    expect(rejectedIn('1.37', 1)).to.equal(0);
  });
});
