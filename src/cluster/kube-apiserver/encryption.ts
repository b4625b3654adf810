import { ShiftedExponential } from '../../sim/distributions.js';
import type { EncryptionConfig } from '../model-input.js';
import type { Randomness } from '../randomness.js';

/**
 * Encryption of Secrets at rest (`apiserver/pkg/storage/value`, kubernetes.io "Encrypting Confidential Data at Rest").
 * A local provider costs CPU. KMS v1 wraps a new data key for each write, so whoever reads the write for the first
 * time asks the service, and the least recently used of `cacheSize` keys is forgotten. KMS v2 (≥1.29) derives its
 * keys from a seed that all servers share: a call per seed.
 */
export class Encryption {
  /** Calls of the key management service. */
  calls = 0;
  private readonly law: ShiftedExponential;
  private readonly index: Uint32Array;

  /** `secrets`: objects that are stored encrypted. */
  constructor(
    private readonly config: EncryptionConfig,
    servers: number,
    private readonly secrets: number,
    private readonly random: Randomness,
  ) {
    this.law = new ShiftedExponential(config.kmsCall.p50Us, config.kmsCall.p99Us);
    this.index = new Uint32Array(servers);
  }

  /** True where an object has to be decrypted when it is read from etcd. */
  get decrypts(): boolean {
    return this.config.provider !== 'none';
  }

  /** How long a starting server waits for keys while it reads all Secrets, one after another, µs. */
  fillWaitUs(server: number): number {
    if (this.config.provider === 'kmsV2') return this.call(server);
    if (this.config.provider !== 'kmsV1') return 0;
    let wait = 0;
    for (let secret = 0; secret < this.secrets; secret++) wait += this.call(server);
    return wait;
  }

  /** How long a server waits for the key of a write that it carries out, µs. */
  writeWaitUs(server: number): number {
    return this.config.provider === 'kmsV1' ? this.call(server) : 0;
  }

  /** How long a server waits for the key of another server's write, whose event etcd sends it, µs. */
  eventWaitUs(server: number): number {
    return this.config.provider === 'kmsV1' ? this.call(server) : 0;
  }

  /** How long a quorum read waits: with KMS v1 the key of one Secret in secrets ÷ cacheSize is at hand, µs. */
  readWaitUs(server: number): number {
    if (this.config.provider !== 'kmsV1' || this.secrets <= this.config.cacheSize) return 0;
    const hit = this.random.kms.uniform(server, 1, this.index[server]++) < this.config.cacheSize / this.secrets;
    return hit ? 0 : this.call(server);
  }

  private call(server: number): number {
    this.calls++;
    return this.law.at(this.random.kms.uniform(server, 0, this.index[server]++));
  }
}
