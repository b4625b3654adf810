import { expect } from 'chai';
import { simulate } from '../../../src/cluster/run/simulate.js';
import { change, inputOf, objectClass, type Scenario } from '../scenario.js';
import { crash } from '../timeline-actions.js';

const told = (scenario: Scenario): readonly string[] =>
  simulate(inputOf({ nodes: 4, duration: 300, ...scenario }), 1).warnings;
const noUpdate = (warnings: readonly string[]): readonly string[] =>
  warnings.filter((warning) => warning.startsWith('no update was committed'));

describe('the warnings of a run without an update', () => {
  const immutable = [objectClass('ca', { immutableShare: 1 })];
  const classes = [objectClass('ca')];

  it('say that the object is immutable', () => {
    const [warning, ...more] = noUpdate(told({ classes: immutable, timeline: [change('update', 'ca', 10)] }));
    expect(warning).to.contain('immutable').and.to.contain('422').and.to.contain('replace');
    expect(more).to.deep.equal([]);
    const marked = [change('markImmutable', 'ca', 5), change('update', 'ca', 10)];
    expect(noUpdate(told({ classes, timeline: marked }))).to.deep.equal([warning]);
  });

  it('say that the object has been deleted', () => {
    const [warning, ...more] = noUpdate(
      told({ classes, timeline: [change('delete', 'ca', 5), change('update', 'ca', 10)] }),
    );
    expect(warning).to.contain('not there').and.to.contain('404').and.to.contain('recreate');
    expect(more).to.deep.equal([]);
  });

  it('say that nobody answered the writer, where no server is up until the end', () => {
    const timeline = [crash(5, 'all', 1_000), change('update', 'ca', 10)];
    expect(told({ classes, timeline, drain: 0, apiServer: { capacity: 4 } })).to.include.members([
      'no API server was up at the end of the run',
      'some writes were not answered by the end of the run',
    ]);
  });

  it('say nothing of refusals where some update was committed, or none was asked for', () => {
    const mixed = [change('update', 'ca', 5), change('markImmutable', 'ca', 10), change('update', 'ca', 20)];
    expect(noUpdate(told({ classes, timeline: mixed }))).to.deep.equal([]);
    expect(noUpdate(told({ classes, timeline: [change('delete', 'ca', 5)] }))).to.deep.equal([]);
  });
});
