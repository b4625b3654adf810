import { requirePeer, runTimers } from './node-program.js';

/** What is used of `simjs`. */
interface Request {
  done(callback: () => void): Request;
}
interface Sim {
  time(): number;
  addEntity<Arguments extends unknown[]>(
    type: new () => { start(...args: Arguments): void },
    name?: string,
    ...args: Arguments
  ): void;
  simulate(endTime: number): boolean;
}
interface SimJs {
  Sim: new () => Sim;
  Entity: new () => { time(): number; setTimer(duration: number): Request };
}

/** Events are at whole microseconds, and the end of a run between two: its own last event is there, too. */
const BEFORE_THE_END_US = 0.25;

/** The library is made for a browser and gives its exports to the window. */
function loadSimJs(): SimJs {
  const host = globalThis as { window?: { Sim?: SimJs } };
  host.window = {};
  requirePeer('simjs');
  if (host.window.Sim === undefined) throw new Error('simjs gave nothing to the window');
  return host.window.Sim;
}

const { Sim, Entity } = loadSimJs();

/** A run drops the first event after its end: it is given one that nobody needs. */
class Dropped extends Entity {
  start(delayUs: number): void {
    this.setTimer(delayUs).done(() => undefined);
  }
}

runTimers((entities, timers) => {
  class Timer extends Entity {
    private entity = 0;

    start(entity: number): void {
      this.entity = entity;
      this.setTimer(entities.first(entity)).done(() => this.fire());
    }

    private fire(): void {
      this.setTimer(entities.fire(this.entity, this.time())).done(() => this.fire());
    }
  }
  const sim = new Sim();
  for (let entity = 0; entity < timers.entities; entity++) sim.addEntity(Timer, undefined, entity);
  return {
    runUntil(us): void {
      sim.addEntity(Dropped, undefined, us - sim.time());
      sim.simulate(us - BEFORE_THE_END_US);
    },
  };
});
