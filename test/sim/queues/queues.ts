import { EventQueue } from '../../../src/sim/event-queue.js';
import { BinaryHeap } from './binary-heap.js';
import { CalendarQueue } from './calendar-queue.js';
import { DynamicCalendarQueue } from './dynamic-calendar-queue.js';
import { FourAryHeap } from './four-ary-heap.js';
import type { PendingEvents } from './pending-events.js';
import { TimingWheel } from './timing-wheel.js';

/** The event queue and the structures that it is compared with, by name. */
export const QUEUES = {
  'event queue': EventQueue,
  'binary heap': BinaryHeap,
  '4-ary heap': FourAryHeap,
  'calendar queue': CalendarQueue,
  'dynamic calendar': DynamicCalendarQueue,
  'timing wheel': TimingWheel,
} as const satisfies Readonly<Record<string, new () => PendingEvents>>;

/** The name of a structure. */
export type QueueName = keyof typeof QUEUES;
