import { simulate } from '../../src/cluster/simulate.js';
import { EventQueue } from '../../src/sim/event-queue.js';
import { inputOf } from '../cluster/scenario.js';
import type { PendingEvents } from '../sim/heap-queue.js';
import type { Run } from './whole-runs.js';

const PUSH = 0;
const POP = 1;
const CLEAR = 2;
const CAPACITY = 2 ** 24;
const REPLAYS = 5;

/** What a run did to its event queue, operation by operation; events are kept of pushes only. */
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
  const { push, popBefore, clear } = Object.getOwnPropertyDescriptors(EventQueue.prototype);
  EventQueue.prototype.push = function (time, key, argument) {
    recording.note(PUSH, time, key, argument);
    push.value?.call(this, time, key, argument);
  };
  EventQueue.prototype.popBefore = function (until) {
    const popped = popBefore.value?.call(this, until) ?? false;
    if (popped) recording.note(POP);
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
  recording.replay(queue);
  const before = process.cpuUsage();
  for (let i = 0; i < REPLAYS; i++) {
    queue.clear();
    recording.replay(queue);
  }
  const used = process.cpuUsage(before);
  return (REPLAYS * recording.length) / (used.user + used.system);
}
