import { expect } from 'chai';
import type { RotateEncryptionKeyAction, TimelineAction } from '../../../src/cluster/model/timeline-actions.js';
import type { EncryptionConfig } from '../../../src/cluster/model/model-input.js';
import { randomnessOf } from '../../../src/cluster/model/randomness.js';
import type { RunRecord } from '../../../src/cluster/model/run-record.js';
import { simulate } from '../../../src/cluster/run/simulate.js';
import { migrationAllows, plannedReloads } from '../../../src/cluster/workload/key-rotation.js';
import { plannedRestarts } from '../../../src/cluster/workload/restarts.js';
import { inputOf, objectClass, type Scenario } from '../scenario.js';
import { once } from '../timeline-actions.js';

const S = 1e6;
const AT = 60;

const MIGRATION = 'storageVersionMigration';

const rotation = (more: Partial<RotateEncryptionKeyAction> = {}) =>
  once(AT, { action: 'rotateEncryptionKey', ratePerS: 5, restarts: true, ...more });
const reload = (more: Partial<RotateEncryptionKeyAction> = {}) => rotation({ reload: true, ...more });

const CLUSTER: Scenario = {
  release: '1.37',
  nodes: 10,
  podsPerNode: 2,
  apiServers: 3,
  duration: 900,
  classes: [objectClass('own', { scope: 'pod' })],
};
const run = (scenario: Scenario): RunRecord => simulate(inputOf({ ...CLUSTER, ...scenario }), 1);

describe('a rotation of the encryption key that servers reload', () => {
  const delays = (release: string, apiServers: number, replication: number): number[] =>
    plannedReloads(
      inputOf({ ...CLUSTER, release, apiServers, timeline: [reload()] }),
      randomnessOf('test', replication),
      () => 0,
    )
      .slice(0, apiServers)
      .map(({ at }) => at / S - AT);

  for (const servers of [1, 3, 7]) {
    it(`has reached ${servers} servers after the longest of ${servers} uniform times within a minute`, () => {
      const replications = 400;
      const latest = Array.from({ length: replications }, (_, i) => Math.max(...delays('1.29', servers, i)));
      const mean = latest.reduce((sum, delay) => sum + delay, 0) / replications;
      const deviation = 60 * Math.sqrt(servers / ((servers + 1) ** 2 * (servers + 2)));
      expect(mean).to.be.closeTo((60 * servers) / (servers + 1), (4 * deviation) / Math.sqrt(replications));
      expect(Math.max(...latest)).to.be.below(60);
    });
  }

  it('has reached all servers at once up to 1.28, which are told of changes of the file', () => {
    expect(delays('1.28', 3, 1)).to.deep.equal([0, 0, 0]);
  });

  it('ends no watch, where restarts end every watch in each of three rounds', () => {
    const duration = 3600;
    const reloaded = run({ duration, timeline: [reload()] });
    expect(reloaded.storms).to.deep.equal([]);
    expect(reloaded.metrics.watches_lost).to.equal(0);
    expect(reloaded.traffic?.lost).to.equal(0);
    const lost = run({ duration, timeline: [rotation()] }).metrics.watches_lost ?? 0;
    expect(lost).to.be.greaterThan(3 * 20 * 0.9);
  });

  it('asks the service twice per provider and server, of which there are two until the old one is removed', () => {
    const calls = (provider: EncryptionConfig['provider'], timeline: readonly TimelineAction[]): number =>
      run({
        timeline,
        apiServer: { encryption: { provider, kmsCall: { p50Us: 5000, p99Us: 5000 }, cacheSize: 1000 } },
      }).metrics.kms_calls ?? NaN;
    const reloads = 2 * (2 + 2 + 1) * 3;
    // Events of the rewritten Secrets: two servers ask for the seed of the third, which wrote it.
    expect(calls('kmsV2', [reload()])).to.equal(reloads + 3 * 2);
    const rewriting = calls('kmsV1', [rotation({ restarts: false })]);
    expect(calls('kmsV1', [reload()])).to.equal(reloads + rewriting);
    expect(calls('local', [reload()])).to.equal(0);
  });
});

describe('the rounds of a rotation', () => {
  const input = (entry: ReturnType<typeof rotation>) => inputOf({ ...CLUSTER, apiServers: 1, timeline: [entry] });
  const random = randomnessOf('test', 1);

  it('are three, and two where the only server uses the key at once', () => {
    const restarts = (more: Partial<RotateEncryptionKeyAction>): number =>
      plannedRestarts(input(rotation(more)), random, () => 0).length;
    expect(restarts({})).to.equal(3);
    expect(restarts({ skipsFirstRound: true })).to.equal(2);
    expect(restarts({ reload: true })).to.equal(0);
    expect(plannedReloads(input(reload()), random, () => 0)).to.have.length(3);
    expect(plannedReloads(input(reload({ skipsFirstRound: true })), random, () => 0)).to.have.length(2);
  });
});

describe('a StorageVersionMigration', () => {
  const migrated = (write: number, qps = 20, rewrite: 'kubectl' | 'storageVersionMigration' = MIGRATION): number => {
    const constant = { p50Us: write, p99Us: write };
    const { load } = simulate(
      {
        ...inputOf({
          ...CLUSTER,
          pure: true,
          nodes: 10,
          podsPerNode: 50,
          duration: 200,
          timeline: [rotation({ restarts: false, ...(rewrite === MIGRATION && { rewrite }) })],
          apiServer: { write: constant },
        }),
        controllerManager: { qps, burst: 1 },
        loadBinUs: 10 * S,
      },
      1,
    );
    const column = load.columns.indexOf('write_secrets');
    const bins = Array.from({ length: load.bins }, (_, bin) =>
      [0, 1, 2].reduce(
        (sum, server) => sum + load.values[(server * load.bins + bin) * load.columns.length + column],
        0,
      ),
    );
    return bins[AT / 10 + 1];
  };

  it('rewrites one Secret after another: at 125 ms each, 80 in ten seconds, where kubectl is told 5 a second', () => {
    expect(migrated(125e3)).to.equal(80);
    expect(migrated(125e3, 20, 'kubectl')).to.equal(50);
  });

  it('rewrites no more than 20 times the requests per second of its manager', () => {
    expect(migrated(1e3, 1)).to.equal(20 * 10);
    expect(migrationAllows(0, 99, { qps: 1, burst: 1 }), 'the burst of 100').to.equal(0);
    expect(migrationAllows(0, 119, { qps: 1, burst: 1 })).to.equal(S);
  });
});
