import { expect } from 'chai';
import fc from 'fast-check';
import { didYouMean, editDistance, nearestName } from '../../../../src/experiment/language/values/nearest-name.js';

describe('the nearest known name', () => {
  const known = ['nodes', 'namespaces', 'podsPerNode', 'configMapAndSecretChangeDetectionStrategy'];

  it('is found through a slip of the keyboard, case aside', () => {
    expect(nearestName('nodez', known)).to.equal('nodes');
    expect(nearestName('NODES', known)).to.equal('nodes');
    expect(nearestName('nmaespaces', known)).to.equal('namespaces');
    expect(nearestName('podsPerNodes', known)).to.equal('podsPerNode');
  });

  it('may contain the text', () => {
    expect(nearestName('strategy', known)).to.equal('configMapAndSecretChangeDetectionStrategy');
  });

  it('is not guessed where nothing is near', () => {
    expect(nearestName('latency', known)).to.equal(undefined);
    expect(nearestName('a', known)).to.equal(undefined);
    expect(nearestName('x'.repeat(1000), known)).to.equal(undefined);
    expect(didYouMean('latency', known)).to.equal('');
  });
});

describe('the edit distance', () => {
  it('counts insertions, deletions, substitutions and swaps of neighbours', () => {
    expect(editDistance('', 'abc')).to.equal(3);
    expect(editDistance('abc', '')).to.equal(3);
    expect(editDistance('kitten', 'sitting')).to.equal(3);
    expect(editDistance('recieve', 'receive')).to.equal(1);
  });

  it('is symmetric, zero only for equal texts and at most the longer length', () => {
    const text = fc.string({ maxLength: 8, unit: fc.constantFrom('a', 'b', 'c') });
    fc.assert(
      fc.property(text, text, (a, b) => {
        const edits = editDistance(a, b);
        expect(edits).to.equal(editDistance(b, a));
        expect(edits === 0).to.equal(a === b);
        expect(edits).to.be.at.most(Math.max(a.length, b.length));
        expect(edits).to.be.at.least(Math.abs(a.length - b.length));
      }),
    );
  });
});
