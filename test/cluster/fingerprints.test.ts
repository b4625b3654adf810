import { expect } from 'chai';
import { STRATEGIES } from '../../src/cluster/model-input.js';
import { simulate } from '../../src/cluster/simulate.js';
import { change, inputOf, objectClass } from './scenario.js';

/** Fingerprints of small runs. A change here is a change of results, and says so in the changelog. */
const GOLDEN: Readonly<Record<string, string>> = {
  'steady 1.20 Watch': 'c2038207e3e10e85',
  'steady 1.20 Cache': 'b185fff76ecc1676',
  'steady 1.20 Get': '3aabee85d4697c8e',
  'steady 1.28 Watch': '13877ed97efe4ce3',
  'steady 1.28 Cache': '3fcc08c92697b5ac',
  'steady 1.28 Get': '3aabee85d4697c8e',
  'steady 1.35 Watch': '95fbea7becc27009',
  'steady 1.35 Cache': 'b185fff76ecc1676',
  'steady 1.35 Get': '3aabee85d4697c8e',
  'cold 1.20 Watch': '688b4c5823b372f1',
  'cold 1.20 Cache': '3166d640e535d2e1',
  'cold 1.20 Get': 'd2e9dbbee08c73e6',
  'cold 1.28 Watch': 'af2dfdda3829bf48',
  'cold 1.28 Cache': '99ecf40c7fce77f5',
  'cold 1.28 Get': 'a26b67446f57c0bb',
  'cold 1.35 Watch': 'd342da857c1aa1ee',
  'cold 1.35 Cache': 'b0ed64b2f8c1e626',
  'cold 1.35 Get': 'a26b67446f57c0bb',
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
