import { expect } from 'chai';
import { simulate } from '../../../src/cluster/run/simulate.js';
import { inputOf, objectClass } from '../scenario.js';
import { once } from '../timeline-actions.js';

/** The most requests that wait for seats when 4,000 reflectors of 100 nodes lose their only server for a second. */
function waitingForSeats(release: string, capacity: number): number {
  const restart = { action: 'restartApiServer', servers: 1, staggerUs: 0, downtimeUs: 1e6, mode: 'crash' } as const;
  const input = inputOf({
    release,
    nodes: 100,
    podsPerNode: 40,
    apiServers: 1,
    duration: 120,
    classes: [objectClass('own', { scope: 'pod' })],
    timeline: [once(60, restart)],
    apiServer: { capacity },
  });
  return simulate(input, 1).metrics.queued_max ?? NaN;
}

describe('the seat of a WATCH', () => {
  it('is taken while its goroutines wait for their turns: in a storm on one core there are too few', () => {
    expect(waitingForSeats('1.37', 1)).to.be.above(0);
    expect(waitingForSeats('1.34', 1)).to.be.above(0);
  });

  it('is free again before others come where there are cores for all', () => {
    expect(waitingForSeats('1.37', 256)).to.equal(0);
  });

  it('is none in 1.20, where flow control lets WATCHes pass', () => {
    expect(waitingForSeats('1.20', 1)).to.equal(0);
  });
});
