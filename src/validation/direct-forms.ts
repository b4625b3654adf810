import { GoScheduler } from '../cluster/kube-apiserver/go-scheduler.js';
import { GOROUTINE } from '../cluster/kube-apiserver/goroutines.js';
import { EVENT } from '../cluster/model/events.js';
import { behavioursOf } from '../cluster/model/versions.js';
import { ttlSecondsFor } from '../cluster/kube-controller-manager/ttl-controller.js';
import { RandomStream } from '../sim/random.js';
import { Simulator } from '../sim/simulator.js';
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

/** A queue before the cores of a server. */
export interface Queue {
  readonly cores: number;
  /** Arrivals per service time and core. */
  readonly load: number;
  readonly law: ServiceLaw;
  readonly seed: string;
  /** Share of the cores that background traffic takes. */
  readonly background?: number;
}

/**
 * Mean waits of goroutines that the network makes ready as a Poisson process, batch by batch, in µs; they want a core for
 * SERVICE_US in the mean.
 */
export function meanWaits({ cores, load, law, seed, background = 0 }: Queue): number[] {
  const sim = new Simulator();
  const scheduler = new GoScheduler(sim, 0, cores);
  scheduler.setBackground(background);
  const stream = RandomStream.fromSeed(seed);
  const gapUs = SERVICE_US / (load * cores);
  const begun = new Float64Array(BATCHES * BATCH);
  const waits = new Float64Array(BATCHES);
  const arrives = (job: number): void => {
    stream.pair(0, Math.floor(job / BATCH), job % BATCH);
    const gap = Math.round(-gapUs * ln(1 - stream.first()));
    const workUs = law === 'constant' ? SERVICE_US : -SERVICE_US * ln(1 - stream.second());
    scheduler.netReady(GOROUTINE.READER, job, 0, workUs);
    begun[job] = sim.now + workUs / (1 - background);
    if (job + 1 < begun.length) sim.schedule(sim.now + gap, EVENT.ARRIVE, job + 1);
  };
  const goroutines = {
    ran: (_server: number, _kind: number, job: number): void => {
      waits[Math.floor(job / BATCH)] += (sim.now - begun[job]) / BATCH;
    },
  };
  sim.schedule(0, EVENT.ARRIVE, 0);
  sim.run(Infinity, {
    handle: (kind, entity, argument) => {
      if (kind === EVENT.CORE) scheduler.coreDone(argument, goroutines);
      else arrives(entity);
    },
  });
  return [...waits];
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
    values: () =>
      meanWaits({ cores: 1, load, law: 'exponential', seed: `${SEED} mm1` }).map((wait) => wait / SERVICE_US),
  },
  {
    expectation: {
      name: `cores of a server as M/D/1, load ${load}: mean wait in service times`,
      formula: 'ρ / (2 (1 − ρ)), Pollaczek and Khinchine',
      source: `${KLEINROCK}, 5.6`,
      expected: load / (2 * (1 - load)),
    },
    values: () => meanWaits({ cores: 1, load, law: 'constant', seed: `${SEED} md1` }).map((wait) => wait / SERVICE_US),
  },
  {
    expectation: {
      name: `cores of a server as M/M/4, load ${load}: mean wait in service times`,
      formula: 'C(4, 4ρ) / (4 (1 − ρ)), Erlang C',
      source: `${KLEINROCK}, 3.5`,
      expected: erlangC(4, 4 * load) / (4 * (1 - load)),
    },
    values: () =>
      meanWaits({ cores: 4, load, law: 'exponential', seed: `${SEED} mm4` }).map((wait) => wait / SERVICE_US),
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

/** The cores of a server and the TTL controller, each by itself. */
export const DIRECT_FORMS: readonly DirectForm[] = [...queues, ...ttls];
