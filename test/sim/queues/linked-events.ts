const INITIAL_CAPACITY = 64;
/** Bytes of an event: the time as a double, then key, argument and link as 32-bit integers, and four unused. */
const EVENT_BYTES = 24;

/**
 * A pool of events for linked lists, a list's link beside its event so that both come with one cache miss.
 * Event `i` is `times[3i]`, `keys[6i + 2]` and `args[6i + 3]`; the event after it is `links[6i + 4]`, 0 at
 * the end of the list. Events given back are used again first.
 */
export class LinkedEvents {
  times = new Float64Array(0);
  keys = new Uint32Array(0);
  args = new Int32Array(0);
  links = new Int32Array(0);
  private capacity = 0;
  /** First event never used so far; event 0 is left out, so that no list is 0. */
  private unused = 1;
  /** The event last given back, linked to the one given back before. */
  private free = 0;

  constructor() {
    this.resize(INITIAL_CAPACITY);
  }

  /** An event that is in no list. */
  add(time: number, key: number, argument: number): number {
    let event = this.free;
    if (event !== 0) {
      this.free = this.links[event * 6 + 4];
    } else {
      event = this.unused++;
      if (event === this.capacity) this.resize(this.capacity * 2);
    }
    this.times[event * 3] = time;
    this.keys[event * 6 + 2] = key;
    this.args[event * 6 + 3] = argument;
    return event;
  }

  /** Gives an event back. */
  release(event: number): void {
    this.links[event * 6 + 4] = this.free;
    this.free = event;
  }

  /** Gives all events back; all lists are to be forgotten. */
  clear(): void {
    this.unused = 1;
    this.free = 0;
  }

  /** Order of two events. */
  precedes(a: number, b: number): boolean {
    const timeA = this.times[a * 3];
    const timeB = this.times[b * 3];
    if (timeA !== timeB) return timeA < timeB;
    const keyA = this.keys[a * 6 + 2];
    const keyB = this.keys[b * 6 + 2];
    return keyA < keyB || (keyA === keyB && this.args[a * 6 + 3] < this.args[b * 6 + 3]);
  }

  private resize(capacity: number): void {
    this.capacity = capacity;
    const times = new Float64Array((capacity * EVENT_BYTES) / Float64Array.BYTES_PER_ELEMENT);
    times.set(this.times);
    this.times = times;
    this.keys = new Uint32Array(times.buffer);
    this.args = new Int32Array(times.buffer);
    this.links = this.args;
  }
}
