import { expect } from 'chai';
import { Encryption } from '../../../src/cluster/kube-apiserver/encryption.js';
import { KmsSeeds } from '../../../src/cluster/kube-apiserver/kms-seeds.js';
import type { EncryptionConfig } from '../../../src/cluster/model/model-input.js';
import { randomnessOf } from '../../../src/cluster/model/randomness.js';
import { buildPopulation, simulate } from '../../../src/cluster/run/simulate.js';
import { inputOf, objectClass } from '../scenario.js';

const CALL_US = 5000;
const SECRETS = 3000;
const SERVERS = 2;
const secrets = buildPopulation(
  inputOf({ nodes: 30, podsPerNode: 100, classes: [objectClass('own', { scope: 'pod' })] }),
);

function encryption(provider: EncryptionConfig['provider'], cacheSize = 1000): Encryption {
  const kmsCall = { p50Us: CALL_US, p99Us: CALL_US };
  return new Encryption(
    { provider, kmsCall, cacheSize },
    SERVERS,
    SECRETS,
    new KmsSeeds(secrets, SERVERS),
    randomnessOf('test', 1),
  );
}

describe('encryption at rest', () => {
  it('keeps a starting server waiting for one call per Secret under KMS v1, for none locally', () => {
    expect(encryption('kmsV1').fillWaitUs(0, 1, 0)).to.equal(SECRETS * CALL_US);
    expect(encryption('local').fillWaitUs(0, 1, 0)).to.equal(0);
  });

  it('asks for ten keys at a time where ten objects are decoded at a time', () => {
    expect(encryption('kmsV1').fillWaitUs(0, 10, 0)).to.equal((SECRETS / 10) * CALL_US);
  });

  it('asks the service at each write and for each event under KMS v1 only', () => {
    expect(encryption('kmsV1').writeWaitUs(0)).to.equal(CALL_US);
    expect(encryption('kmsV1').eventWaitUs(1, 0, 0)).to.equal(CALL_US);
    const v2 = encryption('kmsV2');
    expect(v2.writeWaitUs(0) + v2.eventWaitUs(0, 0, 0)).to.equal(0);
  });

  it('asks for as many seeds as the data has under KMS v2, and for one of its own', () => {
    const kms = encryption('kmsV2');
    expect(kms.fillWaitUs(0, 1, 0), 'of both servers').to.equal((1 + SERVERS) * CALL_US);
    kms.written(0, 0);
    expect(kms.fillWaitUs(1, 1, 0), 'and the one of the process that has written since').to.equal((1 + 3) * CALL_US);
    for (let object = 0; object < secrets.objectCount; object++) kms.written(object, 1);
    expect(kms.fillWaitUs(0, 1, 0), 'all is written anew').to.equal((1 + 1) * CALL_US);
  });

  it('asks once for the seed of another process that has started since, and again after a day', () => {
    const kms = encryption('kmsV2');
    kms.fillWaitUs(0, 1, 0);
    kms.written(0, 0);
    kms.written(1, 0);
    expect(kms.eventWaitUs(1, 0, 1), 'the first event').to.equal(CALL_US);
    expect(kms.eventWaitUs(1, 1, 2), 'the next').to.equal(0);
    expect(kms.readWaitUs(1, 1, 24 * 3600e6 + 2), 'the next day').to.equal(CALL_US);
    expect(kms.readWaitUs(0, 1, 3), 'its own').to.equal(0);
  });

  it('has the key of one Secret in three at hand where 1,000 of 3,000 are kept', () => {
    const kms = encryption('kmsV1');
    const reads = 3000;
    for (let read = 0; read < reads; read++) kms.readWaitUs(0, 0, 0);
    // Standard deviation of a count of 3,000 with probability 2/3: 26.
    expect(kms.calls).to.be.closeTo((reads * 2) / 3, 4 * 26);
    expect(encryption('kmsV1', SECRETS).readWaitUs(0, 0, 0), 'all are kept').to.equal(0);
  });

  it('makes watches wait for a restarted server: 3,000 calls of 5 ms are 15 s', () => {
    const restart = (provider: EncryptionConfig['provider']): number =>
      simulate(
        inputOf({
          release: '1.30',
          nodes: 30,
          podsPerNode: 100,
          apiServers: 1,
          duration: 300,
          classes: [objectClass('own', { scope: 'pod' })],
          timeline: [
            {
              action: 'restartApiServer',
              servers: 1,
              staggerUs: 0,
              downtimeUs: 1e6,
              mode: 'crash',
              firstUs: 60e6,
              everyUs: null,
              untilUs: Infinity,
              jitterUs: 0,
            },
          ],
          apiServer: {
            capacity: 8,
            encryption: { provider, kmsCall: { p50Us: CALL_US, p99Us: CALL_US }, cacheSize: 1000 },
          },
        }),
        1,
      ).metrics.watch_recovery_p50_s ?? NaN;
    expect(restart('kmsV1') - restart('kmsV2')).to.be.within(5, 30);
  });
});
