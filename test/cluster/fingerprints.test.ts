import { expect } from 'chai';
import { STRATEGY_NAMES } from '../../src/cluster/kubelet/secret-manager/strategies.js';
import { simulate } from '../../src/cluster/run/simulate.js';
import { change, inputOf, objectClass } from './scenario.js';

/** Fingerprints of small runs. A change here is a change of results, and says so in the changelog. */
const GOLDEN: Readonly<Record<string, string>> = {
  'steady 1.20 Watch': 'de858bf38f6d5063',
  'steady 1.20 Cache': 'ce0809e31a585854',
  'steady 1.20 Get': '572df8717ff5be6c',
  'steady 1.28 Watch': '300988c52a8a8ec1',
  'steady 1.28 Cache': '5c4e12b5d223f78a',
  'steady 1.28 Get': '572df8717ff5be6c',
  'steady 1.35 Watch': 'b27df467984eb1e7',
  'steady 1.35 Cache': 'ce0809e31a585854',
  'steady 1.35 Get': '572df8717ff5be6c',
  'cold 1.20 Watch': 'fc80ef273e2c81e8',
  'cold 1.20 Cache': '0aec6469a9780c5a',
  'cold 1.20 Get': 'bd455ff1da0bce8b',
  'cold 1.28 Watch': '4323a0a952a2ce3f',
  'cold 1.28 Cache': 'fb80198e85ac56b7',
  'cold 1.28 Get': '511df3e9bee45f2e',
  'cold 1.35 Watch': '67387d549693b0e5',
  'cold 1.35 Cache': '12808a34fe9fc4e8',
  'cold 1.35 Get': '511df3e9bee45f2e',
};

describe('golden fingerprints', () => {
  for (const start of ['steady', 'cold'] as const) {
    for (const release of ['1.20', '1.28', '1.35']) {
      for (const strategy of STRATEGY_NAMES) {
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
