import { expect } from 'chai';
import { GoScheduler } from '../../../src/cluster/kube-apiserver/go-scheduler.js';
import { GOROUTINE, type Goroutines } from '../../../src/cluster/kube-apiserver/goroutines.js';
import { OwnTimers } from '../../../src/cluster/kube-apiserver/own-timers.js';
import { Simulator } from '../../../src/sim/simulator.js';

/** How many of so many milliseconds of a core's have the end of a timer in them. */
function ends(milliseconds: number, unsynced: boolean, cores = 1): number {
  const timers = new OwnTimers(cores);
  timers.unsynced = unsynced;
  let count = 0;
  for (let ms = 0; ms < milliseconds; ms++) if (timers.end(0, ms * 1e3, (ms + 1) * 1e3)) count++;
  return count;
}

/** Who runs after a goroutine that has woken two others, the second of which is next, in order; `turnUs`: it took so long. */
function follow(turnUs: number, unsynced: boolean): number[] {
  const sim = new Simulator();
  const cpu = new GoScheduler(sim, 0, 1);
  cpu.syncs(unsynced);
  const order: number[] = [];
  const goroutines: Goroutines = {
    ran: (_server, _kind, subject) => {
      order.push(subject);
      if (subject > 0) return;
      cpu.wakeLater(GOROUTINE.INTAKE, 1, 0, 1);
      cpu.wake(GOROUTINE.INTAKE, 2, 0, 1);
    },
  };
  cpu.netReady(GOROUTINE.INTAKE, 0, 0, turnUs);
  sim.run(Infinity, { handle: (_kind, _entity, argument) => cpu.coreDone(argument, goroutines) });
  return order;
}

describe('the timers of an API server', () => {
  it('end at 110 instants a second, and at 360 until its informers have synced', () => {
    // 56 of workqueues, 54 of watch caches, 250 of who waits for informers; some fall into one millisecond.
    expect(ends(10_000, false) / 10).to.be.within(100, 111);
    expect(ends(10_000, true) / 10).to.be.within(300, 361);
  });

  it('are shared by its cores', () => {
    expect(ends(40_000, false, 4)).to.be.within(1000, 1110);
  });

  it('make whoever would be next wait for those who were ready before', () => {
    expect(follow(3_000, false)).to.deep.equal([0, 2, 1]);
    expect(follow(5_000, true)).to.deep.equal([0, 1, 2]);
  });
});
