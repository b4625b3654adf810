import type { EventHandler } from '../../sim/simulator.js';
import type { Kubelet } from '../kubelet/kubelet.js';
import type { StormLog } from '../meters/storm-log.js';
import type { ServerFigures } from '../record/server-figures.js';
import type { World } from '../world/world.js';

/** What a driver is built from. */
export interface DriverParts {
  readonly world: World;
  /** TTL of cached objects by node, µs: it follows the number of nodes. */
  readonly ttlUs: Float64Array;
  /** When the simulation ends at the latest, µs. */
  readonly horizon: number;
  /** True where every sync is an event. */
  readonly eager: boolean;
}

/** Drives the kubelets of a run: each alone, or all together with the API servers and controllers. */
export interface Driver extends EventHandler {
  readonly kubelet: Kubelet;
  /** Watches that restarts of servers have ended. */
  readonly storms: StormLog;
  /** Schedules what the timeline does, once nodes are in operation. */
  start(): void;
  /** True while a write of the measured period is still to be answered. */
  readonly writing: boolean;
  /** True while pods are under way that take the places of others. */
  readonly replacing: boolean;
  /** What the servers have counted; once, after the run. */
  figures(): ServerFigures;
}
