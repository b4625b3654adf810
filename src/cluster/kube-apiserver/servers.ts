import type { StormLog } from '../meters/storm-log.js';
import type { ClusterWide, Connections, Watchers, Writing } from './callers.js';
import type { Encryption } from './encryption.js';
import type { Requests } from './requests.js';
import type { ServerMemory } from './server-memory.js';
import type { ServerProcess } from './server-process.js';
import type { ToldVersions } from './told-versions.js';

/** What the parts of the API servers share, besides the world. */
export interface Servers {
  readonly requests: Requests;
  readonly processes: readonly ServerProcess[];
  readonly memory: ServerMemory;
  readonly encryption: Encryption;
  readonly storms: StormLog;
  readonly told: ToldVersions;
  readonly connections: Connections;
  readonly watchers: Watchers;
  readonly clusterWide: ClusterWide;
  readonly writing: Writing;
}
