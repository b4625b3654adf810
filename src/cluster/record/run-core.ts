import type { Fingerprint } from '../../sim/fingerprint.js';
import type { RandomBatch } from '../../sim/random-batch.js';
import type { Simulator } from '../../sim/simulator.js';
import type { Etcd } from '../etcd/etcd.js';
import type { Audiences } from '../kubelet/audience.js';
import type { CacheMemory } from '../meters/cache-memory.js';
import type { Load } from '../meters/load.js';
import type { OperatorLoad } from '../meters/operator-load.js';
import type { ReadTally } from '../meters/read-tally.js';
import type { WatchLives } from '../meters/watch-lives.js';
import type { UpdateAccounts } from '../meters/update-accounts.js';
import type { RunInput } from '../model/model-input.js';
import type { Observer } from '../model/observer.js';
import type { Randomness } from '../model/randomness.js';
import type { NodeSource } from '../population/node-source.js';
import type { Writes } from '../workload/writes.js';
import type { GroupTally } from './group-delays.js';
import type { Pipeline } from './pipeline.js';
import type { UpdateOutcomes } from './update-outcomes.js';

/** What a run has once, whatever part of its cluster is in memory. */
export interface RunCore {
  readonly input: RunInput;
  readonly source: NodeSource;
  readonly random: Randomness;
  readonly batch: RandomBatch;
  readonly sim: Simulator;
  readonly writes: Writes;
  readonly etcd: Etcd;
  readonly load: Load;
  /** Requests and calls of operators; nothing where there are none. */
  readonly operatorLoad: OperatorLoad;
  readonly caches: CacheMemory;
  readonly tally: ReadTally;
  readonly lives: WatchLives;
  readonly accounts: UpdateAccounts;
  readonly fingerprint: Fingerprint;
  readonly observer: Observer;
  /** What stands around the kubelets; null: nothing is known of it. */
  readonly pipeline: Pipeline | null;
  readonly outcomes: UpdateOutcomes;
  /** null: groups are not asked for. */
  readonly groups: GroupTally | null;
  readonly audiences: Audiences;
}
