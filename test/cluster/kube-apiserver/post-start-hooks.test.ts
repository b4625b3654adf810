import { expect } from 'chai';
import { GOROUTINE, type Goroutines } from '../../../src/cluster/kube-apiserver/goroutines.js';
import { PostStartHooks } from '../../../src/cluster/kube-apiserver/post-start-hooks.js';
import { LOOPBACK, ServerProcess } from '../../../src/cluster/kube-apiserver/server-process.js';
import { SYSTEM } from '../../../src/cluster/kube-apiserver/flow-control.js';
import { EVENT } from '../../../src/cluster/model/events.js';
import { Simulator } from '../../../src/sim/simulator.js';
import { inputOf } from '../scenario.js';

const READY_CPU_S = 0.4;
const HELLO_US = 300;
const SECOND_US = 1e6;
/** Seats of a server before it has read its priority levels, for all requests. */
const CATCH_ALL_SEATS = 600;

/** A server that serves from 0 on, with `dials` connections in its accept queue, each the work of a ServerHello. */
function started(dials: number, cores = 1): { readonly levelsReadS: number; readonly doneS: number } {
  const input = inputOf({});
  const startup = { ...input.apiServer.startup, readyCpuUs: READY_CPU_S * SECOND_US };
  const apiServer = { ...input.apiServer, startup, capacity: cores };
  const sim = new Simulator();
  const process = new ServerProcess({ ...input, apiServer }, sim, 0, 1);
  process.cpu?.reset(0);
  process.flow?.reset(0);
  let levelsReadS = NaN;
  let doneS = NaN;
  const hooks = new PostStartHooks({ input: { ...input, apiServer }, sim }, [process], {
    levelsRead: () => process.flow?.configure(sim.now),
    hooksDone: () => (doneS = sim.now / SECOND_US),
    dialsAgain: (server, at) => sim.schedule(at, EVENT.SERVER, server, 0),
  });
  const accepts = (): void => {
    const accepted = process.acceptQueue.splice(0, 2 * process.mostAccepts);
    for (let i = 0; i < accepted.length; i += 2)
      process.cpu?.wake(GOROUTINE.SERVER_HELLO, accepted[i], accepted[i + 1], HELLO_US);
    if (process.acceptQueue.length > 0) process.listens(true);
  };
  const goroutines: Goroutines = {
    ran: (_server, kind, subject) => {
      if (kind === GOROUTINE.LISTENER) accepts();
      if (kind === GOROUTINE.SERVER_HELLO && subject === LOOPBACK) hooks.answered(process);
      if (kind === GOROUTINE.HOOKS) hooks.ran(0, subject);
      if (Number.isNaN(levelsReadS) && process.flow?.currentLimit(SYSTEM) !== CATCH_ALL_SEATS)
        levelsReadS = sim.now / SECOND_US;
    },
  };
  for (let dial = 0; dial < dials; dial++) process.connects(dial);
  if (process.cpu !== null) hooks.begin(process.cpu);
  sim.run(Infinity, {
    handle: (kind, _entity, argument) =>
      kind === EVENT.CORE ? process.cpu?.coreDone(argument, goroutines) : hooks.dial(0),
  });
  return { levelsReadS, doneS };
}

describe('the post-start hooks of an API server', () => {
  it('take their CPU and a handshake of the server with itself; the priority levels are read before the last quarter', () => {
    const { levelsReadS, doneS } = started(0);
    expect(levelsReadS).to.be.within(0.5 * READY_CPU_S, 0.75 * READY_CPU_S + 0.005);
    expect(doneS).to.be.within(READY_CPU_S, READY_CPU_S + 0.005);
  });

  it('share cores while informers ask; what waits for them is done by one after the other', () => {
    const levelsRead = (2 * 0.25 * READY_CPU_S) / 4;
    expect(started(0, 4).levelsReadS).to.be.within(levelsRead, 2 * levelsRead);
    expect(started(0, 4).doneS).to.be.within(levelsRead + 0.25 * READY_CPU_S, 0.75 * READY_CPU_S);
  });

  it('wait until all who dialled before the server itself have had their turn', () => {
    const dials = 3000;
    expect(started(dials).levelsReadS).to.be.above((dials * HELLO_US) / SECOND_US);
  });

  it('find room in an accept queue that was full: the goroutine that accepts has had a turn before they dial', () => {
    const dials = 4097;
    const waited = (dials * HELLO_US) / SECOND_US;
    expect(started(dials).doneS).to.be.within(waited + 0.5 * READY_CPU_S, waited + READY_CPU_S + 0.1);
  });

  it('dial again after a second where there is no room even then', () => {
    const dials = 5000;
    const { doneS } = started(dials);
    expect(doneS).to.be.within(1 + READY_CPU_S, (dials * HELLO_US) / SECOND_US + READY_CPU_S + 0.1);
  });
});
