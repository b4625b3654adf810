import { deviation, mean } from 'd3-array';
import { expect } from 'chai';
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

describe('the simulator', () => {
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
    expect(() => checkKeySpace(33, 1)).to.throw(RangeError, /kinds/);
    expect(() => checkKeySpace(1, 2 ** 27 + 1)).to.throw(RangeError, /entities/);
  });
});
