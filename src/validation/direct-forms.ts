import { CpuStation } from '../cluster/kube-apiserver/cpu-station.js';
import { behavioursOf } from '../cluster/model/versions.js';
import { ttlSecondsFor } from '../cluster/kube-controller-manager/ttl-controller.js';
import { RandomStream } from '../sim/random.js';
import { type Expectation } from './expectations.js';
import { SEED } from './model.js';
import { ln } from '../sim/portable-math.js';

/** A figure of one part of the model, computed without a cluster: values of independent batches. */
export interface DirectForm {
  readonly expectation: Omit<Expectation, 'of'>;
  readonly values: () => readonly number[];
}

/** Mean service time, µs: long enough that whole microseconds of arrivals do not matter. */
export const SERVICE_US = 1000;
const BATCHES = 40;
const BATCH = 10_000;

/** Law of the service times of a queue. */
export type ServiceLaw = 'exponential' | 'constant';

/**
 * Mean waits of jobs that come to a station as a Poisson process, batch by batch, in µs; service takes SERVICE_US
 * in the mean.
 * @param load arrivals per service time and core
 */
export function meanWaits(station: CpuStation, load: number, cores: number, law: ServiceLaw, seed: string): number[] {
  const stream = RandomStream.fromSeed(seed);
  const gapUs = SERVICE_US / (load * cores);
  let now = 0;
  return Array.from({ length: BATCHES }, (_, batch) => {
    let sum = 0;
    for (let i = 0; i < BATCH; i++) {
      stream.pair(0, batch, i);
      now += Math.round(-gapUs * ln(1 - stream.first()));
      sum += station.backlogUs(now);
      station.serve(now, law === 'constant' ? SERVICE_US : -SERVICE_US * ln(1 - stream.second()));
    }
    return sum / BATCH;
  });
}

/** Erlang's C: the probability that a job waits at `cores` cores under the offered load `a` (in cores). */
function erlangC(cores: number, a: number): number {
  let blocked = 1;
  for (let c = 1; c <= cores; c++) blocked = (a * blocked) / (c + a * blocked);
  return blocked / (1 - (a / cores) * (1 - blocked));
}

const KLEINROCK = 'Kleinrock, Queueing Systems I (1975)';

const queues: readonly DirectForm[] = [0.5, 0.9].flatMap((load) => [
  {
    expectation: {
      name: `cores of a server as M/M/1, load ${load}: mean wait in service times`,
      formula: 'ρ / (1 − ρ)',
      source: `${KLEINROCK}, 3.2`,
      expected: load / (1 - load),
    },
    values: () => meanWaits(new CpuStation(1), load, 1, 'exponential', `${SEED} mm1`).map((wait) => wait / SERVICE_US),
  },
  {
    expectation: {
      name: `cores of a server as M/D/1, load ${load}: mean wait in service times`,
      formula: 'ρ / (2 (1 − ρ)), Pollaczek and Khinchine',
      source: `${KLEINROCK}, 5.6`,
      expected: load / (2 * (1 - load)),
    },
    values: () => meanWaits(new CpuStation(1), load, 1, 'constant', `${SEED} md1`).map((wait) => wait / SERVICE_US),
  },
  {
    expectation: {
      name: `cores of a server as M/M/4, load ${load}: mean wait in service times`,
      formula: 'C(4, 4ρ) / (4 (1 − ρ)), Erlang C',
      source: `${KLEINROCK}, 3.5`,
      expected: erlangC(4, 4 * load) / (4 * (1 - load)),
    },
    values: () => meanWaits(new CpuStation(4), load, 4, 'exponential', `${SEED} mm4`).map((wait) => wait / SERVICE_US),
  },
]);

const ttls: readonly DirectForm[] = (
  [
    [100, 0],
    [101, 15],
    [500, 15],
    [501, 30],
    [1000, 30],
    [1001, 60],
    [2000, 60],
    [2001, 300],
    [10_000, 300],
    [10_001, 600, '1.24'],
    [10_001, 300, '1.25'],
    [100_000, 300, '1.37'],
  ] as const
).map(([nodes, ttl, release = '1.20']) => ({
  expectation: {
    name: `TTL controller: annotation in a cluster of ${nodes.toLocaleString('en-US')} nodes (${release}), s`,
    formula: `${ttl} s`,
    source: 'pkg/controller/ttl/ttl_controller.go: ttlBoundaries; PR 109779 (A.9 V11)',
    expected: ttl,
  },
  values: () => [ttlSecondsFor(nodes, behavioursOf(release, release).ttlBoundaries)],
}));

/** The queueing station and the TTL controller, each by itself. */
export const DIRECT_FORMS: readonly DirectForm[] = [...queues, ...ttls];
