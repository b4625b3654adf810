import type { Simulator } from '../sim/simulator.js';
import type { ApiServers } from './api-server.js';
import type { Etcd } from './etcd.js';
import type { Load } from './load.js';
import type { RunInput } from './model-input.js';
import type { PodWorkers } from './pod-workers.js';
import type { Randomness } from './randomness.js';
import type { ReadTally } from './read-tally.js';
import type { Reads } from './reads.js';
import type { Reflectors } from './reflector.js';
import type { ObjectManager } from './secret-manager/manager.js';
import type { TokenManager } from './token-manager.js';
import type { StatusManager } from './status-manager.js';
import type { Topology } from './topology.js';
import type { UpdateLedger } from './update-ledger.js';
import type { VolumeManager } from './volume-manager.js';

/** The parts that a kubelet works with. */
export interface KubeletParts {
  readonly sim: Simulator;
  readonly topology: Topology;
  readonly etcd: Etcd;
  readonly servers: ApiServers;
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
