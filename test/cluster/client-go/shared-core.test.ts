import { expect } from 'chai';
import { SharedCore } from '../../../src/cluster/client-go/shared-core.js';
import { Simulator } from '../../../src/sim/simulator.js';

/** What is done on the core, and when, µs. */
function done(start: (core: SharedCore, tell: (name: string) => () => void) => void, slowness = 1): string[] {
  const sim = new Simulator();
  const core = new SharedCore(sim, slowness);
  const order: string[] = [];
  start(core, (name) => () => order.push(`${name} at ${sim.now}`));
  sim.run(Infinity, { handle: (_kind, _entity, argument) => core.handle(argument) });
  return order;
}

describe('the core that all clients share', () => {
  it('does one thing after another, and first what no network brings', () => {
    const order = done((core, tell) => {
      core.run(0, 10, false, tell('an answer'));
      core.run(0, 10, false, tell('another'));
      core.run(5, 10, true, tell('a request'));
    });
    expect(order).to.deep.equal(['an answer at 10', 'a request at 20', 'another at 30']);
  });

  it('looks at what the network has brought each 61st time', () => {
    const order = done((core, tell) => {
      for (let request = 0; request < 100; request++) core.run(0, 1, true, tell('a request'));
      core.run(0, 1, false, tell('an answer'));
    });
    expect(order.indexOf('an answer at 62')).to.equal(61);
  });

  it('of a machine that is half as fast takes twice as long', () => {
    expect(done((core, tell) => core.run(0, 10, true, tell('a request')), 2)).to.deep.equal(['a request at 20']);
  });

  it('is idle until something is to be done', () => {
    expect(done((core, tell) => core.run(100, 10, true, tell('a request')))).to.deep.equal(['a request at 110']);
  });
});
