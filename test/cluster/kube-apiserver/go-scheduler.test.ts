import { deviation, mean } from 'd3-array';
import { expect } from 'chai';
import { GoScheduler, LOCAL_QUEUE, MAX_BACKGROUND_SHARE } from '../../../src/cluster/kube-apiserver/go-scheduler.js';
import { GOROUTINE, type Goroutines } from '../../../src/cluster/kube-apiserver/goroutines.js';
import { EVENT } from '../../../src/cluster/model/events.js';
import { Simulator } from '../../../src/sim/simulator.js';
import { meanWaits, SERVICE_US } from '../../../src/validation/direct-forms.js';

/** Numbers goroutines in the order in which they have run, with the time; `woken` are made ready by the one with a number. */
function machine(cores: number, woken: (scheduler: GoScheduler, by: number) => void = () => undefined) {
  const sim = new Simulator();
  const scheduler = new GoScheduler(sim, 0, cores);
  const ran: { readonly who: number; readonly at: number }[] = [];
  const goroutines: Goroutines = {
    ran: (_server, _kind, who) => {
      ran.push({ who, at: sim.now });
      woken(scheduler, who);
    },
  };
  const run = (): { readonly who: number; readonly at: number }[] => {
    sim.run(Infinity, { handle: (_kind, _entity, argument) => scheduler.coreDone(argument, goroutines) });
    return ran;
  };
  const order = (): number[] => run().map(({ who }) => who);
  return { sim, scheduler, ran, run, order };
}

const fromNetwork = (scheduler: GoScheduler, who: number, workUs = 10): void =>
  scheduler.netReady(GOROUTINE.READER, who, 0, workUs);

/** What M/M/1, M/D/1 and M/M/4 give is held by `validate`. */
describe('the Go scheduler on the cores of a server', () => {
  it('is slowed by background traffic as by a smaller server', () => {
    // Half the load on half the capacity: everything takes twice as long.
    const waits = meanWaits({ cores: 1, load: 0.45, law: 'exponential', seed: 'background', background: 0.5 });
    const error = (deviation(waits) ?? NaN) / Math.sqrt(waits.length);
    const exact = (2 * SERVICE_US * 0.9) / (1 - 0.9);
    expect(error / exact).to.be.below(0.06);
    expect(Math.abs((mean(waits) ?? NaN) - exact)).to.be.below(4 * error);
  });

  it('runs whom the network makes ready in turn, each on the first free core', () => {
    const { scheduler, run } = machine(2);
    [100, 30, 50].forEach((workUs, who) => fromNetwork(scheduler, who, workUs));
    expect(run()).to.deep.equal([
      { who: 1, at: 30 },
      { who: 2, at: 80 },
      { who: 0, at: 100 },
    ]);
  });

  it('runs whom a goroutine wakes before all who wait', () => {
    const { scheduler, order } = machine(1, (each, by) => {
      if (by === 0) each.wake(GOROUTINE.HANDLER, 10, 0, 10);
    });
    [0, 1, 2].forEach((who) => fromNetwork(scheduler, who));
    expect(order()).to.deep.equal([0, 10, 1, 2]);
  });

  it('runs the last first of those whom one goroutine wakes, and the others before what the network brings', () => {
    const { scheduler, order } = machine(1, (each, by) => {
      if (by === 0) [10, 11, 12].forEach((who) => each.wake(GOROUTINE.HANDLER, who, 0, 10));
    });
    [0, 1].forEach((who) => fromNetwork(scheduler, who));
    expect(order()).to.deep.equal([0, 12, 10, 11, 1]);
  });

  it('has those wait for a batch that has been taken from the global queue who lose their turn meanwhile', () => {
    const { scheduler, order } = machine(1, (each, by) => {
      if (by === 1) each.wakeLater(GOROUTINE.RESUMED, 1000, 0, 10);
    });
    for (let who = 0; who < 300; who++) fromNetwork(scheduler, who);
    // The first runs at once; of the 299 others a batch of 128 begins with the second.
    expect(order().indexOf(1000)).to.equal(1 + LOCAL_QUEUE / 2 + Math.floor((1 + LOCAL_QUEUE / 2) / 61));
  });

  it('sends half of a full queue behind all that the network has brought', () => {
    const { scheduler, order } = machine(1, (each, by) => {
      if (by === 0) for (let who = 0; who <= LOCAL_QUEUE; who++) each.wakeLater(GOROUTINE.RESUMED, 1000 + who, 0, 1);
    });
    [0, 1, 2].forEach((who) => fromNetwork(scheduler, who));
    const ran = order();
    // The younger half stays, and the global queue has its turn only each 61st time.
    expect(ran.indexOf(1000 + LOCAL_QUEUE / 2)).to.be.below(ran.indexOf(1));
    for (const moved of [1000, 1000 + LOCAL_QUEUE / 2 - 1, 1000 + LOCAL_QUEUE])
      expect(ran.indexOf(moved)).to.be.above(ran.indexOf(2));
    expect(ran.indexOf(1000 + LOCAL_QUEUE - 1) - ran.indexOf(1000 + LOCAL_QUEUE / 2)).to.be.below(LOCAL_QUEUE / 2 + 5);
  });

  it('lets others run after 10 ms of work', () => {
    const { scheduler, run } = machine(1);
    fromNetwork(scheduler, 0, 25e3);
    fromNetwork(scheduler, 1, 10);
    expect(run()).to.deep.equal([
      { who: 1, at: 10_010 },
      { who: 0, at: 25_010 },
    ]);
  });

  it('leaves no core idle while goroutines wait, whoever woke them', () => {
    const { scheduler, run } = machine(4, (each, by) => {
      if (by === 0) for (let who = 1; who <= 99; who++) each.wake(GOROUTINE.HANDLER, who, 0, 100);
    });
    fromNetwork(scheduler, 0, 100);
    const ran = run();
    expect(ran).to.have.length(100);
    expect(ran.at(-1)?.at).to.equal(100 + Math.ceil(99 / 4) * 100);
  });

  it('has slower cores where their number is a fraction: half a core takes twice the time', () => {
    const half = machine(0.5);
    fromNetwork(half.scheduler, 0, 100);
    expect(half.run()[0].at).to.equal(200);
    const three = machine(2.5);
    [0, 1, 2, 3].forEach((who) => fromNetwork(three.scheduler, who, 100));
    expect(three.run().map(({ at }) => at)).to.deep.equal([120, 120, 120, 240]);
  });

  it('knows of work that nobody waits for when it will be done, and adds up fractions of a microsecond', () => {
    const { scheduler, sim } = machine(1);
    let end = 0;
    for (let i = 0; i < 1000; i++) end = scheduler.work(0, 0.1);
    expect(end).to.equal(100);
    expect(scheduler.backlogUs(0)).to.be.closeTo(100, 1e-9);
    expect(sim.pending).to.equal(1);
  });

  it('forgets what was waiting when the process starts anew', () => {
    const { scheduler, sim, order } = machine(1);
    [0, 1, 2].forEach((who) => fromNetwork(scheduler, who));
    scheduler.reset(0);
    expect(scheduler.backlogUs(0)).to.equal(0);
    fromNetwork(scheduler, 9);
    expect(order()).to.deep.equal([9]);
    expect(sim.pending).to.equal(0);
  });

  it('refuses to have no cores, or all taken by background traffic', () => {
    const sim = new Simulator();
    for (const cores of [0, -1, NaN, Infinity]) expect(() => new GoScheduler(sim, 0, cores)).to.throw(RangeError);
    for (const share of [-0.1, 1, MAX_BACKGROUND_SHARE + 0.001, NaN])
      expect(() => new GoScheduler(sim, 0, 1).setBackground(share)).to.throw(RangeError);
  });

  it('uses an event of its own kind', () => {
    const { scheduler, sim } = machine(1);
    fromNetwork(scheduler, 0);
    sim.run(Infinity, { handle: (kind) => expect(kind).to.equal(EVENT.CORE) });
  });
});
