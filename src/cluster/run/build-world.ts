import { Fingerprint } from '../../sim/fingerprint.js';
import { Simulator } from '../../sim/simulator.js';
import { Etcd } from '../etcd/etcd.js';
import { BOOKMARKS } from '../kube-apiserver/bookmarks.js';
import { CacheMemory } from '../meters/cache-memory.js';
import { Load } from '../meters/load.js';
import { OperatorLoad } from '../meters/operator-load.js';
import { ReadTally } from '../meters/read-tally.js';
import { UpdateLedger } from '../meters/update-ledger.js';
import type { RunInput } from '../model/model-input.js';
import { NOBODY, type Observer } from '../model/observer.js';
import { randomnessOf } from '../model/randomness.js';
import { RateLimiter } from '../model/rate-limiter.js';
import { type Population, storedBytes } from '../population/population.js';
import { Latencies } from '../world/latencies.js';
import type { World } from '../world/world.js';
import { Writes } from '../workload/writes.js';

/**
 * Builds what the components of a run share. `planned`: true where writes are committed at times that are known before
 * the run, because nothing can hold them up.
 */
export function buildWorld(
  input: RunInput,
  replication: number,
  population: Population,
  planned: boolean,
  observer: Observer | null,
): World {
  const random = randomnessOf(input.seed, replication);
  const load = new Load(input, population.classNames.length, BOOKMARKS);
  const tally = new ReadTally(load, population, input.apiServer.costs);
  const writes = new Writes(population, input, random);
  const etcd = new Etcd(population, writes);
  if (planned) etcd.commitAll(writes.commitTimes());
  const fingerprint = new Fingerprint();
  const { kubeAPIQPS, kubeAPIBurst } = input.kubelet;
  return {
    input,
    population,
    random,
    sim: new Simulator(),
    writes,
    etcd,
    latencies: new Latencies(population, etcd, load, input, random),
    limiter: new RateLimiter(population.nodeCount, kubeAPIQPS, kubeAPIBurst),
    load,
    operatorLoad: new OperatorLoad(input.operators === undefined ? { durationUs: 0 } : input),
    caches: new CacheMemory(input.apiServers, cachedBytes(population, input)),
    tally,
    ledger: new UpdateLedger(population, etcd, writes, fingerprint, input),
    fingerprint,
    observer: observer ?? NOBODY,
  };
}

/** Memory of all objects in the watch caches of one server: whatever is there in the run, from its beginning on. */
function cachedBytes(population: Population, { apiServer }: RunInput): number {
  return storedBytes(population) * apiServer.costs.cachedObjectMemoryRatio;
}
