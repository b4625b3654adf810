import type { DurationLaw } from '../../sim/distributions.js';
import { latencyLaw } from '../model/latency.js';
import type { EncryptionConfig } from '../model/model-input.js';
import type { Randomness } from '../model/randomness.js';
import type { KmsSeeds } from './kms-seeds.js';
import { workersDoneAt } from './watch-cache-fill.js';

/**
 * What a server asks of the service for each provider of a configuration that it reads as it runs, before it uses it: v1
 * encrypts and decrypts a probe, v2 asks for the status and has a seed encrypted (`server/options/encryptionconfig/config.go`
 * kmsPluginProbe.check, kmsv2PluginProbe.check and rotateDEKOnKeyIDChange).
 */
const CALLS_PER_RELOADED_PROVIDER = 2;

/**
 * Encryption of Secrets at rest (`apiserver/pkg/storage/value`, kubernetes.io "Encrypting Confidential Data at Rest").
 * A local provider costs CPU. KMS v1 wraps a new data key for each write, so whoever reads the write for the first
 * time asks the service, and the least recently used of `cacheSize` keys is forgotten. KMS v2 (≥1.27) asks only for
 * seeds: see `KmsSeeds`.
 */
export class Encryption {
  /** Calls of the key management service. */
  calls = 0;
  private readonly law: DurationLaw;
  private readonly index: Uint32Array;

  /** `secrets`: objects that are stored encrypted. */
  constructor(
    private readonly config: EncryptionConfig,
    servers: number,
    private readonly secrets: number,
    private readonly seeds: KmsSeeds,
    private readonly random: Randomness,
  ) {
    this.law = latencyLaw(config.kmsCall);
    this.index = new Uint32Array(servers);
  }

  /** True where an object has to be decrypted when it is read from etcd. */
  get decrypts(): boolean {
    return this.config.provider !== 'none';
  }

  /** How long a server that starts at `now` waits for keys while `workers` at a time decode all Secrets, µs. */
  fillWaitUs(server: number, workers: number, now: number): number {
    const { provider } = this.config;
    if (provider !== 'kmsV1' && provider !== 'kmsV2') return 0;
    // A process that starts has its own seed encrypted, before it reads anything.
    const own = provider === 'kmsV2' ? this.call(server) : 0;
    const calls = provider === 'kmsV2' ? this.seeds.starts(server, now) : this.secrets;
    return own + workersDoneAt(calls, workers, () => this.call(server));
  }

  /** A server reads a new configuration with a number of providers as it runs; it takes no longer (assumption). */
  reloads(server: number, providers: number, now: number): void {
    const { provider } = this.config;
    if (provider !== 'kmsV1' && provider !== 'kmsV2') return;
    for (let call = 0; call < providers * CALLS_PER_RELOADED_PROVIDER; call++) this.call(server);
    if (provider === 'kmsV2') this.seeds.reloads(server, now);
  }

  /** A server writes a Secret: how long it waits for its key, µs. */
  writeWaitUs(server: number): number {
    return this.config.provider === 'kmsV1' ? this.call(server) : 0;
  }

  /** A server has written a Secret. */
  written(object: number, server: number): void {
    this.seeds.written(object, server);
  }

  /** How long a server waits for the key of another server's write, whose event etcd sends it, µs. */
  eventWaitUs(server: number, object: number, now: number): number {
    if (this.config.provider === 'kmsV1') return this.call(server);
    return this.seedWaitUs(server, object, now);
  }

  /** How long a quorum read waits: with KMS v1 the key of one Secret in secrets ÷ cacheSize is at hand, µs. */
  readWaitUs(server: number, object: number, now: number): number {
    if (this.config.provider !== 'kmsV1') return this.seedWaitUs(server, object, now);
    if (this.secrets <= this.config.cacheSize) return 0;
    const hit = this.random.kms.uniform(server, 1, this.index[server]++) < this.config.cacheSize / this.secrets;
    return hit ? 0 : this.call(server);
  }

  private seedWaitUs(server: number, object: number, now: number): number {
    return this.config.provider === 'kmsV2' && this.seeds.asks(object, server, now) ? this.call(server) : 0;
  }

  private call(server: number): number {
    this.calls++;
    return this.law.at(this.random.kms.uniform(server, 0, this.index[server]++));
  }
}
