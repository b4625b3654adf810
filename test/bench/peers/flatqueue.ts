import { pathToFileURL } from 'node:url';
import type { TimerEntities } from '../timers.js';
import { requirePeer, runTimers } from './node-program.js';

/** What is used of `flatqueue`. */
interface FlatQueue<T> {
  push(item: T, priority: number): void;
  peekValue(): number | undefined;
  pop(): T | undefined;
}
type Process = Generator<number, void, void>;

/** Processes as generators that yield delays, on a heap of flat arrays: the way of SimPy's followers in JavaScript. */
class Environment {
  now = 0;

  constructor(private readonly queue: FlatQueue<Process>) {}

  process(process: Process): void {
    this.resume(process);
  }

  runUntil(us: number): void {
    while ((this.queue.peekValue() ?? Infinity) < us) {
      this.now = this.queue.peekValue() ?? NaN;
      const process = this.queue.pop();
      if (process !== undefined) this.resume(process);
    }
  }

  private resume(process: Process): void {
    const { done, value } = process.next();
    if (done !== true) this.queue.push(process, this.now + value);
  }
}

function* timer(environment: Environment, entities: TimerEntities, entity: number): Process {
  let delay = entities.first(entity);
  for (;;) {
    yield delay;
    delay = entities.fire(entity, environment.now);
  }
}

const library = (await import(pathToFileURL(requirePeer.resolve('flatqueue')).href)) as {
  default: new () => FlatQueue<Process>;
};
runTimers((entities, timers) => {
  const environment = new Environment(new library.default());
  for (let entity = 0; entity < timers.entities; entity++) environment.process(timer(environment, entities, entity));
  return environment;
});
