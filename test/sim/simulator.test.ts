import { deviation, mean } from 'd3-array';
import { expect } from 'chai';
import fc from 'fast-check';
import { MAX_ARGUMENT, MAX_ENTITIES, MAX_KINDS } from '../../src/sim/event-queue.js';
import { RandomStream } from '../../src/sim/random.js';
import { checkKeySpace, type EventHandler, Simulator } from '../../src/sim/simulator.js';

const ARRIVAL = 0;
const DEPARTURE = 1;
const SECOND = 1e6;

/** A single-server queue, first come first served, on the engine's own interface. */
class Station implements EventHandler {
  readonly waits: number[] = [];
  private readonly queue: number[] = [];
  private arrivals = 0;

  constructor(
    private readonly sim: Simulator,
    private readonly customers: number,
    private readonly interarrival: (n: number) => number,
    private readonly service: (n: number) => number,
  ) {
    sim.schedule(interarrival(0), ARRIVAL, 0);
  }

  handle(kind: number, customer: number): void {
    if (kind === ARRIVAL) {
      this.arrivals++;
      if (this.arrivals < this.customers) {
        this.sim.schedule(this.sim.now + this.interarrival(this.arrivals), ARRIVAL, this.arrivals);
      }
      this.queue.push(this.sim.now);
      if (this.queue.length === 1) this.serve(customer);
    } else {
      this.queue.shift();
      if (this.queue.length > 0) this.serve(customer + 1);
    }
  }

  private serve(customer: number): void {
    this.waits.push(this.sim.now - this.queue[0]);
    this.sim.schedule(this.sim.now + this.service(customer), DEPARTURE, customer);
  }
}

/** Mean waits in seconds of independent replications. */
function meanWaits(law: 'exponential' | 'constant', load: number): number[] {
  return Array.from({ length: 40 }, (_, replication) => {
    const stream = RandomStream.fromSeed('station', replication);
    const exponential = (purpose: number, n: number): number =>
      Math.round(-Math.log(1 - stream.uniform(purpose, 0, n)) * SECOND);
    const sim = new Simulator();
    const station = new Station(
      sim,
      8000,
      (n) => Math.round(exponential(1, n) / load),
      (n) => (law === 'constant' ? SECOND : exponential(2, n)),
    );
    sim.run(Infinity, station);
    return (mean(station.waits.slice(1000)) ?? NaN) / SECOND;
  });
}

function expectWithinInterval(values: readonly number[], expected: number): void {
  const halfWidth = (3.56 * (deviation(values) ?? NaN)) / Math.sqrt(values.length); // t, 39 degrees, 99.9 %
  expect(mean(values)).to.be.closeTo(expected, halfWidth);
}

/** An event without its argument. */
interface Moment {
  readonly time: number;
  readonly kind: number;
  readonly entity: number;
}

/** Whether an event is handled before another that is not the same. */
const precedes = (a: Moment, b: Moment): boolean => (a.time - b.time || a.kind - b.kind || a.entity - b.entity) < 0;

const moment = fc.record({ time: fc.nat(9), kind: fc.nat(2), entity: fc.nat(3) });

describe('the simulator', () => {
  it('knows of an event that was never scheduled whether it would have been handled by now', () => {
    fc.assert(
      fc.property(fc.array(moment), fc.array(moment), fc.nat(10), (events, probes, stop) => {
        const sim = new Simulator();
        const passed = ({ time, kind, entity }: Moment): boolean => sim.hasPassed(time, kind, entity);
        const handler: EventHandler = {
          handle: (kind, entity) => {
            const now = { time: sim.now, kind, entity };
            expect(probes.map(passed)).to.deep.equal(probes.map((probe) => precedes(probe, now)));
          },
        };
        for (const { time, kind, entity } of events) sim.schedule(time, kind, entity);
        sim.run(stop, handler);
        expect(probes.map(passed), 'between two runs').to.deep.equal(probes.map(({ time }) => time < stop));
        sim.run(Infinity, handler);
      }),
      { seed: 1, numRuns: 200 },
    );
  });

  it('handles what its handler goes on with at once as if it had been scheduled', () => {
    const delays = fc.array(fc.nat(3), { minLength: 1, maxLength: 8 });
    fc.assert(
      fc.property(fc.array(moment), delays, fc.nat(20), (events, following, stop) => {
        const runs = [false, true].map((atOnce) => {
          const sim = new Simulator();
          const seen: Moment[] = [];
          const handler: EventHandler = {
            handle: (kind, entity, argument) => {
              for (let step = argument; ; step++) {
                seen.push({ time: sim.now, kind, entity });
                if (step === following.length) return;
                const next = [sim.now + following[step], kind, entity, step + 1] as const;
                if (atOnce && sim.comesNext(...next)) continue;
                sim.schedule(...next);
                return;
              }
            },
          };
          for (const { time, kind, entity } of events) sim.schedule(time, kind, entity);
          sim.run(stop, handler);
          seen.push({ time: sim.now, kind: -1, entity: -1 });
          sim.run(Infinity, handler);
          return { seen, handled: sim.handled };
        });
        expect(runs[1]).to.deep.equal(runs[0]);
      }),
      { seed: 4, numRuns: 200 },
    );
  });

  it('reproduces the mean wait of M/M/1 at 70 % load: ρ/(1 − ρ) service times', () => {
    expectWithinInterval(meanWaits('exponential', 0.7), 0.7 / 0.3);
  });

  it('reproduces the mean wait of M/D/1 at 70 % load: half of it', () => {
    expectWithinInterval(meanWaits('constant', 0.7), 0.7 / 0.3 / 2);
  });

  it('handles events before the end only, and leaves the clock there', () => {
    const seen: number[] = [];
    const sim = new Simulator();
    sim.schedule(5, 0, 1);
    sim.schedule(10, 0, 2);
    sim.run(10, { handle: (_kind, entity) => seen.push(entity) });
    expect(seen).to.deep.equal([1]);
    expect(sim.now).to.equal(10);
    expect(sim.pending).to.equal(1);
  });

  it('refuses events in the past, at no time, and with an argument out of range', () => {
    const sim = new Simulator();
    sim.reset(100);
    expect(() => sim.schedule(99, 0, 0)).to.throw(RangeError, /before now/);
    expect(() => sim.schedule(NaN, 0, 0)).to.throw(RangeError);
    expect(() => sim.schedule(100, 0, 0, -1)).to.throw(RangeError, /argument/);
    expect(() => sim.schedule(100, 0, 0, 2 ** 30)).to.throw(RangeError, /argument/);
  });

  it('refuses models with more kinds or entities than an event key holds', () => {
    expect(() => checkKeySpace(MAX_KINDS + 1, 1)).to.throw(RangeError, /kinds/);
    expect(() => checkKeySpace(1, MAX_ENTITIES + 1)).to.throw(RangeError, /entities/);
    checkKeySpace(MAX_KINDS, MAX_ENTITIES);
  });

  it('gives back the kind, the entity and the argument of any event, to the last that fit', () => {
    const range = (end: number): fc.Arbitrary<number> =>
      fc.oneof(fc.constantFrom(0, end - 1), fc.nat({ max: end - 1 }));
    fc.assert(
      fc.property(range(MAX_KINDS), range(MAX_ENTITIES), range(MAX_ARGUMENT), (...event) => {
        const sim = new Simulator();
        const seen: number[][] = [];
        sim.schedule(1, ...event);
        sim.run(2, { handle: (...handled) => seen.push(handled) });
        expect(seen).to.deep.equal([event]);
      }),
      { seed: 1 },
    );
  });

  it('handles the kinds of one instant in their order, whatever the entities', () => {
    const sim = new Simulator();
    const kinds: number[] = [];
    for (let kind = MAX_KINDS - 1; kind >= 0; kind--) sim.schedule(1, kind, kind % 2 === 0 ? MAX_ENTITIES - 1 : 0);
    sim.run(2, { handle: (kind) => kinds.push(kind) });
    expect(kinds).to.deep.equal(Array.from({ length: MAX_KINDS }, (_, kind) => kind));
  });
});
