import { HOUR_US } from '../../sim/units.js';
import type { Population } from '../population/population.js';
import { KIND } from '../model/kinds.js';

/** How long a server keeps a seed that it has had decrypted (`encrypt/envelope/kmsv2/envelope.go` cacheTTL). */
const CACHE_TTL_US = 24 * HOUR_US;
const NO_SEED = -1;

/**
 * The seeds of KMS v2, from which keys of single objects are derived without a call (up to 1.28: the keys themselves).
 * Each server process makes one when it starts (`encryptionconfig/config.go` rotateDEKOnKeyIDChange) and encrypts with it
 * what it writes; a reader has to have a seed decrypted that it does not know. Assumption: of old, the servers have
 * written equal shares of the Secrets.
 */
export class KmsSeeds {
  /** The seed of each object; −1: not a Secret. */
  private readonly seedOf: Int32Array;
  /** Objects stored under each seed. */
  private readonly objects: number[];
  private readonly current: Int32Array;
  /** When each server had each seed decrypted. */
  private readonly known: readonly Map<number, number>[];

  constructor(population: Pick<Population, 'objectCount' | 'objectKind' | 'objectNameLow'>, servers: number) {
    this.current = Int32Array.from({ length: servers }, (_, server) => server);
    this.objects = Array.from({ length: servers }, () => 0);
    this.known = Array.from({ length: servers }, () => new Map(this.objects.map((_, seed) => [seed, 0])));
    this.seedOf = Int32Array.from({ length: population.objectCount }, (_, object) => {
      if (population.objectKind[object] !== KIND.Secret) return NO_SEED;
      const seed = (population.objectNameLow[object] >>> 0) % servers;
      this.objects[seed]++;
      return seed;
    });
  }

  /** Distinct seeds in the stored data. */
  get distinct(): number {
    return this.objects.reduce((seeds, objects) => seeds + (objects > 0 ? 1 : 0), 0);
  }

  /** A server reads a new configuration: it makes a seed of its own, and has none decrypted. */
  reloads(server: number, now: number): void {
    this.current[server] = this.objects.push(0) - 1;
    const known = this.known[server];
    known.clear();
    known.set(this.current[server], now);
  }

  /** A server process starts: it makes a seed of its own, and reads all Secrets. Returns the seeds that it has to have decrypted. */
  starts(server: number, now: number): number {
    this.reloads(server, now);
    const known = this.known[server];
    this.objects.forEach((objects, seed) => {
      if (objects > 0) known.set(seed, now);
    });
    return this.distinct;
  }

  /** A server has written an object. */
  written(object: number, server: number): void {
    const before = this.seedOf[object];
    if (before === NO_SEED) return;
    this.objects[before]--;
    this.seedOf[object] = this.current[server];
    this.objects[this.current[server]]++;
  }

  /** A server reads an object from etcd: true where it has to ask for its seed. */
  asks(object: number, server: number, now: number): boolean {
    const seed = this.seedOf[object];
    if (seed === NO_SEED || seed === this.current[server]) return false;
    const since = this.known[server].get(seed);
    if (since !== undefined && now - since <= CACHE_TTL_US) return false;
    this.known[server].set(seed, now);
    return true;
  }
}
