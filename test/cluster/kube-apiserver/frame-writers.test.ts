import { expect } from 'chai';
import { FrameWriters } from '../../../src/cluster/kube-apiserver/frame-writers.js';
import { GoScheduler } from '../../../src/cluster/kube-apiserver/go-scheduler.js';
import { GOROUTINE, type Goroutines } from '../../../src/cluster/kube-apiserver/goroutines.js';
import { Simulator } from '../../../src/sim/simulator.js';

const START = 7;

/** What happens on a server of one core once its goroutine has begun: requests whose frames were written, in order. */
function happens(
  start: (frames: FrameWriters, cpu: GoScheduler) => void,
  seen = { writers: 0 },
): { readonly request: number; readonly at: number }[] {
  const sim = new Simulator();
  const cpu = new GoScheduler(sim, 0, 1);
  const frames = new FrameWriters(cpu, 1, 2);
  const done: { request: number; at: number }[] = [];
  const goroutines: Goroutines = {
    ran: (_server, kind, subject, generation) => {
      if (kind === GOROUTINE.WRITER) {
        seen.writers++;
        frames.written(subject, generation);
      }
      if (kind === GOROUTINE.RESUMED) done.push({ request: subject, at: sim.now });
      if (kind === GOROUTINE.INTAKE && subject === START) start(frames, cpu);
    },
  };
  cpu.netReady(GOROUTINE.INTAKE, START, 0, 1);
  sim.run(Infinity, { handle: (_kind, _entity, argument) => cpu.coreDone(argument, goroutines) });
  return done;
}

/** A server of one core on which requests 1, 2 of node 0 and 3 of node 1 have a frame each; who has had its frame written, in order. */
function written(begins: readonly number[], busyUs: number): { readonly request: number; readonly at: number }[] {
  return happens((frames, cpu) => {
    for (const node of begins) frames.begins(node);
    // Somebody else is ready before the connection's first writer.
    cpu.wake(GOROUTINE.INTAKE, 0, 0, busyUs);
    frames.writeHeaders(0, 1, 0);
    frames.writeHeaders(0, 2, 0);
    frames.writeHeaders(1, 3, 0);
  });
}

describe('the frames of a connection', () => {
  it('are written one at a time, in the order of the requests', () => {
    const order = written([], 10).map(({ request }) => request);
    expect(order.indexOf(1)).to.be.below(order.indexOf(2));
    expect([...order].sort()).to.deep.equal([1, 2, 3]);
  });

  it('wait for that with the settings, which has lost its turn: those of another connection do not', () => {
    const [first] = written([0], 10_000);
    expect(first.request).to.equal(3);
    const at = (begins: readonly number[]): number =>
      written(begins, 10_000).find(({ request }) => request === 1)?.at ?? NaN;
    expect(at([0])).to.be.above(at([]));
  });

  it('with data are written at once where nothing is under way, and flushed together', () => {
    const seen = { writers: 0 };
    const order = happens((frames) => {
      frames.writeHeaders(0, 1, 0);
      for (const request of [2, 3, 4]) frames.writeData(0, request, 0);
    }, seen).map(({ request }) => request);
    expect([...order].sort()).to.deep.equal([1, 2, 3, 4]);
    expect(seen.writers).to.equal(2);
  });

  it('of answers keep nobody waiting, and the connection from nothing', () => {
    const order = happens((frames) => {
      frames.answer(0);
      frames.endStream(0);
      frames.writeData(0, 1, 0);
    }).map(({ request }) => request);
    expect(order).to.deep.equal([1]);
  });

  it('of a former one are not written any more, and those that waited for it go on, each once', () => {
    const done = happens((frames) => {
      frames.writeHeaders(0, 1, 0);
      frames.writeHeaders(0, 2, 0);
      frames.begins(0);
      frames.writeHeaders(0, 3, 0);
    });
    expect(done.map(({ request }) => request)).to.deep.equal([1, 2, 3]);
  });
});
