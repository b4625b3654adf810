import type { World } from '../world/world.js';
import type { NodeClocks } from './node-clocks.js';
import type { PodTable } from './pod-table.js';
import type { PodWorkers } from './pod-workers.js';
import type { References } from './pod-references.js';
import type { Reads } from './reads.js';
import type { ObjectManager } from './secret-manager/manager.js';
import type { StatusManager } from './status-manager.js';
import type { Tokens } from './token-manager.js';
import type { VolumeManager } from './volume-manager.js';

/** What the parts of the kubelets work with. */
export interface KubeletParts {
  readonly world: World;
  readonly pods: PodTable;
  readonly workers: PodWorkers;
  readonly volumes: VolumeManager;
  readonly clocks: NodeClocks;
  readonly statuses: StatusManager;
  readonly manager: ObjectManager;
  /** Reads that wait for an answer; where every answer is known at once, none does. */
  readonly reads: Reads;
  readonly tokens: Tokens;
  readonly references: References;
  /** True where kubelets meet at the API servers, so that answers may have to be waited for. */
  readonly coupled: boolean;
}
