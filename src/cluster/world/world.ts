import type { Fingerprint } from '../../sim/fingerprint.js';
import type { Memory } from '../../sim/memory.js';
import type { RandomBatch } from '../../sim/random-batch.js';
import type { Simulator } from '../../sim/simulator.js';
import type { Etcd } from '../etcd/etcd.js';
import type { CacheMemory } from '../meters/cache-memory.js';
import type { Load } from '../meters/load.js';
import type { OperatorLoad } from '../meters/operator-load.js';
import type { ReadTally } from '../meters/read-tally.js';
import type { WatchLives } from '../meters/watch-lives.js';
import type { UpdateLedger } from '../meters/update-ledger.js';
import type { RunInput } from '../model/model-input.js';
import type { Observer } from '../model/observer.js';
import type { Randomness } from '../model/randomness.js';
import type { RateLimiter } from '../model/rate-limiter.js';
import type { Population } from '../population/population.js';
import type { Writes } from '../workload/writes.js';
import type { Latencies } from './latencies.js';

/** What all components of a run share. It is complete when it is built (`run/build-world.ts`), and built once per run. */
export interface World {
  /** Where state comes from that is built anew for each section of a run. */
  readonly memory: Memory;
  readonly input: RunInput;
  readonly population: Population;
  readonly random: Randomness;
  /** For whoever draws for many entities at once, and is done with it before somebody else does. */
  readonly batch: RandomBatch;
  readonly sim: Simulator;
  readonly writes: Writes;
  readonly etcd: Etcd;
  readonly latencies: Latencies;
  /** The kubelets' client-side rate limiters. */
  readonly limiter: RateLimiter;
  readonly load: Load;
  /** What operators do; of nothing where there are none. */
  readonly operatorLoad: OperatorLoad;
  /** Memory of the servers' watch caches. */
  readonly caches: CacheMemory;
  /** Reads that were only counted. */
  readonly tally: ReadTally;
  /** Watches that nothing disturbs, and what of them was only counted. */
  readonly lives: WatchLives;
  readonly ledger: UpdateLedger;
  readonly fingerprint: Fingerprint;
  readonly observer: Observer;
}
