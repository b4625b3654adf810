import { expect } from 'chai';
import { count, max } from 'd3-array';
import { simulate, simulateWaves } from '../../../src/cluster/run/simulate.js';
import { restoreExperiment } from '../../../src/experiment/language/load-experiment.js';

/** Twelve nodes, two updates of one Secret and one of another class, and a crash of the only API server. */
async function input() {
  const document = {
    apiVersion: 'secretsim/v1',
    kind: 'Experiment',
    metadata: { name: 'waves' },
    spec: {
      warmup: '1m',
      duration: '8m',
      cluster: { nodes: 12, podsPerNode: 3, namespaces: 2, apiServers: 1, serviceAccountMaterial: 'none' },
      apiServer: { capacity: 2 },
      objects: [
        { name: 'all', kind: 'Secret', scope: 'cluster' },
        { name: 'own', kind: 'Secret', scope: 'pod', podFraction: 0.5 },
      ],
      timeline: [
        { at: '10s', update: 'own' },
        { at: '20s', update: 'all' },
        { at: '3m', update: 'all' },
        { at: '5m', restartApiServer: { servers: 1, downtime: '5s', mode: 'crash' } },
      ],
    },
  };
  const { scenarios } = await restoreExperiment(document, 'test');
  return scenarios[0].input;
}

describe('the waves of a run', () => {
  it('come with the same run', async () => {
    const model = await input();
    expect(simulateWaves(model, 2).record.fingerprint).to.equal(simulate(model, 2).fingerprint);
  });

  it('are those of the first of the updates with the most consumers, down to the last pod', async () => {
    const { record, waves } = simulateWaves(await input(), 1);
    const update = record.updates.find(({ objectClass }) => objectClass === 'all');
    expect(waves.updates?.names).to.deep.equal([update?.object]);
    expect(waves.updates?.startUs).to.equal(Math.round(20e6 + 1e6 * ((update?.committedAtS ?? 0) - 20)));
    expect(waves.updates?.node).to.have.length(36);
    expect((max(waves.updates?.afterUs ?? []) ?? 0) / 1e6).to.equal(update?.timeTo100S);
    const within = count(waves.updates?.afterUs ?? [], (after) => (after <= 30e6 ? 1 : undefined));
    expect(within).to.equal(update?.reachedAfter30s);
  });

  it('have each watch that a stopping server lost, on its node', async () => {
    const { record, waves } = simulateWaves(await input(), 1);
    const [storm] = record.storms;
    expect(waves.watches?.names).to.deep.equal(['API server 1']);
    expect(waves.watches?.node).to.have.length(storm.watchesLost);
    expect(new Set(waves.watches?.node).size).to.equal(12);
    expect((max(waves.watches?.afterUs ?? []) ?? 0) / 1e6).to.equal(storm.backAfter100S);
  });
});
