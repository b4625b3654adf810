import { simulate } from '../../src/cluster/run/simulate.js';
import { EventQueue } from '../../src/sim/event-queue.js';
import { inputOf } from '../cluster/scenario.js';
import type { PendingEvents } from '../sim/queues/pending-events.js';
import type { Run } from './whole-runs.js';

const PUSH = 0;
const POP = 1;
const CLEAR = 2;
const CAPACITY = 2 ** 24;
/** A recording is replayed for so long, at least once: a short one would be over before its loops are compiled. */
const MIN_CPU_US = 1e6;

/** What a run did to its event queue, operation by operation, with the events put in and taken out. */
class Recording {
  length = 0;
  readonly operations = new Uint8Array(CAPACITY);
  readonly times = new Float64Array(CAPACITY);
  readonly keys = new Uint32Array(CAPACITY);
  readonly args = new Int32Array(CAPACITY);

  note(operation: number, time = 0, key = 0, argument = 0): void {
    if (this.length === CAPACITY) return;
    this.operations[this.length] = operation;
    this.times[this.length] = time;
    this.keys[this.length] = key;
    this.args[this.length] = argument;
    this.length++;
  }

  /** Does the same to another queue; throws where it gives other events than the recorded one. */
  verify(queue: PendingEvents): void {
    const { operations, times, keys, args } = this;
    for (let i = 0; i < this.length; i++) {
      if (operations[i] === PUSH) queue.push(times[i], keys[i], args[i]);
      else if (operations[i] === CLEAR) queue.clear();
      else if (!queue.pop() || queue.time !== times[i] || queue.key !== keys[i] || queue.argument !== args[i]) {
        throw new Error(`operation ${i} took out (${queue.time}, ${queue.key}, ${queue.argument})`);
      }
    }
    queue.clear();
  }

  /** Does the same to another queue; returns the sum of the arguments popped. */
  replay(queue: PendingEvents): number {
    let sum = 0;
    for (let i = 0; i < this.length; i++) {
      const operation = this.operations[i];
      if (operation === PUSH) queue.push(this.times[i], this.keys[i], this.args[i]);
      else if (operation === CLEAR) queue.clear();
      else if (queue.pop()) sum += queue.argument;
    }
    return sum;
  }
}

/** Simulates a run with an eye on the event queue. */
function record({ scenario, eager }: Run): Recording {
  const recording = new Recording();
  // When its ring is empty, the queue fills it and asks itself again.
  let inside = false;
  const { push, popBefore, clear } = Object.getOwnPropertyDescriptors(EventQueue.prototype);
  EventQueue.prototype.push = function (time, key, argument) {
    recording.note(PUSH, time, key, argument);
    push.value?.call(this, time, key, argument);
  };
  EventQueue.prototype.popBefore = function (until) {
    if (inside) return popBefore.value?.call(this, until) ?? false;
    inside = true;
    const popped = popBefore.value?.call(this, until) ?? false;
    inside = false;
    if (popped) recording.note(POP, this.time, this.key, this.argument);
    return popped;
  };
  EventQueue.prototype.clear = function () {
    recording.note(CLEAR);
    clear.value?.call(this);
  };
  simulate(inputOf(scenario), 1, { eager: eager ?? false });
  Object.defineProperties(EventQueue.prototype, { push, popBefore, clear });
  return recording;
}

/** Millions of operations (pushes and pops) of a recorded run per CPU-second. */
export function operationsPerCpuSecond(run: Run, queue: PendingEvents): number {
  const recording = record(run);
  recording.verify(queue);
  recording.replay(queue);
  const before = process.cpuUsage();
  for (let replays = 1; ; replays++) {
    queue.clear();
    recording.replay(queue);
    const { user, system } = process.cpuUsage(before);
    if (user + system >= MIN_CPU_US) return (replays * recording.length) / (user + system);
  }
}
