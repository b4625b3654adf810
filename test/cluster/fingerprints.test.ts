import { expect } from 'chai';
import { STRATEGIES } from '../../src/cluster/model-input.js';
import { simulate } from '../../src/cluster/simulate.js';
import { change, inputOf, objectClass } from './scenario.js';

/** Fingerprints of small runs. A change here is a change of results, and says so in the changelog. */
const GOLDEN: Readonly<Record<string, string>> = {
  'steady 1.20 Watch': '2185bd5d8a9b0bae',
  'steady 1.20 Cache': '6c86abb9cb5b9a72',
  'steady 1.20 Get': 'ed4b191434a50962',
  'steady 1.28 Watch': '336855e904dae48b',
  'steady 1.28 Cache': 'd2b007d3149be93a',
  'steady 1.28 Get': 'ed4b191434a50962',
  'steady 1.35 Watch': 'af06ec6ed13dabc4',
  'steady 1.35 Cache': '6c86abb9cb5b9a72',
  'steady 1.35 Get': 'ed4b191434a50962',
  'cold 1.20 Watch': '923bf02f7b5dd418',
  'cold 1.20 Cache': '126adc8adf119a92',
  'cold 1.20 Get': '754b2933fd44bf8a',
  'cold 1.28 Watch': '68c32d48a21857bf',
  'cold 1.28 Cache': 'd10d0f192f6524cc',
  'cold 1.28 Get': 'c2bf46123e18e6ee',
  'cold 1.35 Watch': 'dcfd2884f2a8516b',
  'cold 1.35 Cache': '9a64417daca22384',
  'cold 1.35 Get': 'c2bf46123e18e6ee',
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
