import { Simulator } from '../../../src/sim/simulator.js';
import { runTimers } from './node-program.js';

runTimers((entities, timers) => {
  const simulator = new Simulator();
  const handler = {
    handle(kind: number, entity: number): void {
      simulator.schedule(simulator.now + entities.fire(entity, simulator.now), kind, entity);
    },
  };
  for (let entity = 0; entity < timers.entities; entity++) simulator.schedule(entities.first(entity), 0, entity);
  return { runUntil: (us) => simulator.run(us, handler) };
});
