import type { EventQueue } from '../../../src/sim/event-queue.js';

/** What the event queue and the structures that it is compared with have in common: the total order of EventQueue, too. */
export type PendingEvents = Pick<EventQueue, 'time' | 'key' | 'argument' | 'push' | 'pop' | 'clear'>;
