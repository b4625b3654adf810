import { CalendarQueue } from './calendar-queue.js';

/** Some times the steps that a calendar of a fitting width takes while all of its events are held once. */
const STEPS_PER_BUCKET = 32;

/**
 * The calendar queue that estimates its width anew when its operations have become expensive, too, not only
 * when the number of its events has changed: the thought of the dynamic calendar queue (Oh and Ahn, Annual
 * Simulation Symposium 1999). The estimate is Brown's.
 */
export class DynamicCalendarQueue extends CalendarQueue {
  constructor() {
    super(STEPS_PER_BUCKET);
  }
}
