import type { Simulator } from '../../sim/simulator.js';
import type { Latencies } from '../kube-apiserver/latencies.js';
import type { Etcd } from '../etcd/etcd.js';
import type { Load } from '../meters/load.js';
import type { RunInput } from '../model/model-input.js';
import type { PodWorkers } from './pod-workers.js';
import type { Randomness } from '../model/randomness.js';
import type { ReadTally } from '../meters/read-tally.js';
import type { Reads } from './reads.js';
import type { Reflectors } from '../client-go/reflector.js';
import type { ObjectManager } from './secret-manager/manager.js';
import type { TokenManager } from './token-manager.js';
import type { StatusManager } from './status-manager.js';
import type { Population } from '../population/population.js';
import type { UpdateLedger } from '../meters/update-ledger.js';
import type { VolumeManager } from './volume-manager.js';

/** The parts that a kubelet works with. */
export interface KubeletParts {
  readonly sim: Simulator;
  readonly population: Population;
  readonly etcd: Etcd;
  readonly latencies: Latencies;
  readonly load: Load;
  readonly tally: ReadTally;
  readonly workers: PodWorkers;
  readonly volumes: VolumeManager;
  readonly manager: ObjectManager;
  /** Present under Watch. */
  readonly reflectors: Reflectors | null;
  readonly ledger: UpdateLedger;
  readonly statuses: StatusManager;
  /** Reads that wait for an answer; null where every answer is known at once (`capacity: unlimited`). */
  readonly reads: Reads | null;
  /** Present where requests meet and pods have tokens. */
  readonly tokens: TokenManager | null;
  /** Counts the ends and restarts of each pod's kubelet state: reads of an earlier incarnation are void. */
  readonly incarnation: Uint16Array;
  readonly random: Randomness;
  readonly input: RunInput;
}
