import { InputError } from '../../../src/experiment/language/values/input-error.js';
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
  /** How long the server has the cores before all else has them, and how long that, ms; none: all run at once. */
  readonly turns: readonly [server: number, others: number] | undefined;
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
  const { reflectors, reflectorsPerClient, secrets, cores, watchList, signal, settle, observe, turns } = options;
  return {
    ...loadPlan(),
    settleSeconds: settle,
    objectBytes: 1024,
    storm: {
      ...{ reflectors, reflectorsPerClient, secrets, watchList, signal },
      ...{ apiServerCores: cores, downtimeSeconds: 1, observeSeconds: observe },
      ...(turns !== undefined && { turns: { apiServerSeconds: turns[0] / 1000, otherSeconds: turns[1] / 1000 } }),
    },
  };
}

/**
 * Reads `1/3`: the server has its cores for 1 ms before all else has them for 3 ms.
 * @throws InputError for anything else
 */
export function readTurns(text: string | undefined): StormOptions['turns'] {
  if (text === undefined) return undefined;
  const [, server, others] = /^(\d+(?:\.\d+)?)\/(\d+(?:\.\d+)?)$/.exec(text) ?? [];
  if (Number(server) > 0 && Number(others) > 0) return [Number(server), Number(others)];
  throw new InputError(['--turns: write the milliseconds of the server and of all else as 1/3']);
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
