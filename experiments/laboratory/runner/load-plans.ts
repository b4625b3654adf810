import { readGroups, type Plan } from './plan.js';

/** What a storm is asked for with. */
export interface StormOptions {
  readonly reflectors: number;
  readonly reflectorsPerClient: number;
  readonly secrets: number;
  /** Of kube-apiserver alone; clients and etcd have the machine's others. */
  readonly cores: number;
  /** Reflectors begin with a WatchList, as those of kubelets do from 1.35 on, or with LIST and WATCH. */
  readonly watchList: boolean;
  readonly signal: 'KILL' | 'TERM';
  /** From the start of the clients until the server is told to end, s. */
  readonly settle: number;
  /** From the start of the new process until the end, s. */
  readonly observe: number;
}

/**
 * The storm of experiments/validation at any size: clients × reflectors on single Secrets of 1 KiB, no authorization, no
 * audit log; all start `settle` seconds before the server is killed, which is started again a second later.
 */
export function stormPlan(options: StormOptions): Plan {
  const { reflectors, reflectorsPerClient, secrets, cores, watchList, signal, settle, observe } = options;
  return {
    ...loadPlan(),
    settleSeconds: settle,
    objectBytes: 1024,
    storm: {
      ...{ reflectors, reflectorsPerClient, secrets, watchList, signal },
      ...{ apiServerCores: cores, downtimeSeconds: 1, observeSeconds: observe },
    },
  };
}

/** Costs by size of the object and number of objects in the resource; `quick` only shows that it works. */
export function costsPlan(cores: number, quick: boolean): Plan {
  const sizes = quick
    ? {
        objectBytes: [1024],
        objects: [100],
        requests: 640,
        inFlight: [1, 64],
        watches: [0, 100],
        watchers: [0, 20],
        writes: 2,
      }
    : {
        objectBytes: [1024, 16_384, 65_536],
        objects: [500, 2_000, 8_000],
        requests: 2_000,
        inFlight: [1, 64],
        watches: [0, 2_500, 5_000, 10_000, 20_000],
        watchers: [0, 100, 200, 400],
        writes: 50,
      };
  const rest = { apiServerCores: cores, watchesPerConnection: 50, idleSeconds: quick ? 2 : 15 };
  return { ...loadPlan(), objectBytes: 1024, costs: { ...sizes, ...rest } };
}

/** Settings that no group has a say in, at their defaults. */
function loadPlan(): Plan {
  const unused = { name: 'none', configMapAndSecretChangeDetectionStrategy: 'Watch' };
  const { plan } = readGroups(JSON.stringify({ groups: [unused], steps: [{ settle: '0s' }] }), 'load');
  return { ...plan, groups: [], steps: [], encryption: false, audit: false, authorization: 'AlwaysAllow' };
}
