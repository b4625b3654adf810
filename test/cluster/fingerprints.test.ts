import { expect } from 'chai';
import { STRATEGY_NAMES } from '../../src/cluster/kubelet/secret-manager/strategies.js';
import { simulate } from '../../src/cluster/run/simulate.js';
import { change, inputOf, objectClass } from './scenario.js';

/** Fingerprints of small runs. A change here is a change of results, and says so in the changelog. */
const GOLDEN: Readonly<Record<string, string>> = {
  'steady 1.20 Watch': '277386660a318a17',
  'steady 1.20 Cache': '03854c7118d303af',
  'steady 1.20 Get': '45b222e85bbfad21',
  'steady 1.28 Watch': '07d7a22b68844a98',
  'steady 1.28 Cache': '5de18cefd525616a',
  'steady 1.28 Get': '45b222e85bbfad21',
  'steady 1.35 Watch': 'e66a7c82a1397054',
  'steady 1.35 Cache': '03854c7118d303af',
  'steady 1.35 Get': '45b222e85bbfad21',
  'cold 1.20 Watch': '4b024b28c804e4d1',
  'cold 1.20 Cache': '1c50b01adf73a1c7',
  'cold 1.20 Get': '3dea46b623bc84aa',
  'cold 1.28 Watch': '862d5f4f465bfb71',
  'cold 1.28 Cache': '576bbaab76e0a0d5',
  'cold 1.28 Get': '2bc4f4a10878e184',
  'cold 1.35 Watch': 'c8fcdbe72ba56272',
  'cold 1.35 Cache': 'ff6f4c00a64e65be',
  'cold 1.35 Get': '2bc4f4a10878e184',
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
