import { RandomStream } from '../../src/sim/random.js';
import { LAWS } from './hold-model.js';

/** Increments that all entities go through, each from its own place on. */
const INCREMENTS = 2 ** 16;
const MULTIPLIER = 40503;
const MEAN_US = 60e6;

/** What an engine's program says of the entities' state: all their timers that went off, and a sum that no two states share but by chance. */
export interface TimerState {
  readonly events: number;
  readonly checksum: number;
}

/**
 * The timers by which engines are compared through their own API: `entities` entities, each of which sets
 * an exponential timer of 60 s again whenever it goes off, and keeps a count and the time of the last.
 * `times` holds the increments and then each entity's first time, whole microseconds. An engine runs to
 * `warmUpUs` and then, timed, to `endUs`, both between two microseconds.
 */
export interface Timers {
  readonly entities: number;
  readonly warmUpUs: number;
  readonly endUs: number;
  readonly times: Float64Array;
}

/** Timers of which about so many go off before and after the clock is started. */
export function timersOf(entities: number, warmUp: number, timed: number): Timers {
  const stream = RandomStream.fromSeed('timers');
  const until = (events: number): number => Math.floor((events * MEAN_US) / entities) + 0.5;
  return {
    entities,
    warmUpUs: until(warmUp),
    endUs: until(warmUp + timed),
    times: Float64Array.from({ length: INCREMENTS + entities }, (_, i) =>
      Math.ceil(LAWS['exponential, 60 s'](stream.uniform(0, 0, i))),
    ),
  };
}

/** The state of the entities of timers, in typed arrays. */
export class TimerEntities {
  private readonly increments: Float64Array;
  private readonly counts: Uint32Array;
  private readonly lasts: Float64Array;

  constructor(private readonly timers: Timers) {
    this.increments = timers.times.subarray(0, INCREMENTS);
    this.counts = new Uint32Array(timers.entities);
    this.lasts = new Float64Array(timers.entities);
  }

  /** When an entity's timer goes off first, µs. */
  first(entity: number): number {
    return this.timers.times[INCREMENTS + entity];
  }

  /** An entity's timer goes off; returns after how many microseconds it does again. */
  fire(entity: number, now: number): number {
    const count = ++this.counts[entity];
    this.lasts[entity] = now;
    return this.increments[(Math.imul(entity, MULTIPLIER) + count) & (INCREMENTS - 1)];
  }

  state(): TimerState {
    let [events, checksum] = [0, 0];
    for (let entity = 0; entity < this.timers.entities; entity++) {
      events += this.counts[entity];
      checksum += this.counts[entity] * ((entity % 1009) + 1) + (this.lasts[entity] % 65521);
    }
    return { events, checksum };
  }
}

/** The state at a time, entity after entity: what every engine must come to. */
export function stateWithoutEngine(timers: Timers, untilUs: number): TimerState {
  const entities = new TimerEntities(timers);
  for (let entity = 0; entity < timers.entities; entity++) {
    for (let at = entities.first(entity); at < untilUs;) at += entities.fire(entity, at);
  }
  return entities.state();
}
