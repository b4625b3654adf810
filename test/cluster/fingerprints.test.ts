import { expect } from 'chai';
import { STRATEGIES } from '../../src/cluster/model-input.js';
import { simulate } from '../../src/cluster/simulate.js';
import { change, inputOf, objectClass } from './scenario.js';

/** Fingerprints of small runs. A change here is a change of results, and says so in the changelog. */
const GOLDEN: Readonly<Record<string, string>> = {
  'steady 1.20 Watch': '0503b371df0ec9d0',
  'steady 1.20 Cache': '5004a1cd1fcf5894',
  'steady 1.20 Get': 'd0c90f288918c784',
  'steady 1.28 Watch': '16e64bfd594ea2ad',
  'steady 1.28 Cache': 'b62dfde7690fa75c',
  'steady 1.28 Get': 'd0c90f288918c784',
  'steady 1.35 Watch': '9284e28225b169e6',
  'steady 1.35 Cache': '5004a1cd1fcf5894',
  'steady 1.35 Get': 'd0c90f288918c784',
  'cold 1.20 Watch': '75b9e643cfd1923a',
  'cold 1.20 Cache': 'f5e8d29e338558b4',
  'cold 1.20 Get': '58c91f4751b87dac',
  'cold 1.28 Watch': '4c41235cf68c15e1',
  'cold 1.28 Cache': 'b48b052d83d8e2ee',
  'cold 1.28 Get': 'a63d3c26928ca510',
  'cold 1.35 Watch': 'c07b1e98471c0f8d',
  'cold 1.35 Cache': '7de237910115e1a6',
  'cold 1.35 Get': 'a63d3c26928ca510',
};

describe('golden fingerprints', () => {
  for (const start of ['steady', 'cold'] as const) {
    for (const release of ['1.20', '1.28', '1.35']) {
      for (const strategy of STRATEGIES) {
        const name = `${start} ${release} ${strategy}`;
        it(name, () => {
          const input = inputOf({
            start,
            release,
            strategy,
            nodes: 10,
            podsPerNode: 4,
            classes: [
              objectClass('own', { scope: 'pod', immutableShare: 0.5 }),
              objectClass('shared', { as: 'projected' }),
              objectClass('pull', { scope: 'namespace', as: 'imagePullSecret' }),
            ],
            timeline: [change('update', 'own', 30, { ratePerS: 1, order: 'random' }), change('delete', 'shared', 200)],
          });
          expect(simulate(input, 1).fingerprint).to.equal(GOLDEN[name]);
        });
      }
    }
  }
});
