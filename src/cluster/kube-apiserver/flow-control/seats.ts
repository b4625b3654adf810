/** Width of a request whose work has no estimate of its own: a GET, a WATCH, a write (request/config.go). */
export const MINIMUM_SEATS = 1;
/** Widest write, and widest LIST up to 1.33 (`maximumSeats`, later `maximumMutatingSeatsLimit`, request/config.go). */
export const MAXIMUM_SEATS = 10;
/** Widest LIST where its width follows sizes, ≥1.34 (`maximumListSeatsLimit`, PR 133034). */
export const MAXIMUM_LIST_SEATS_BY_SIZE = 100;
/** Watchers that make one seat's work of a write (request/config.go; ≥1.24). */
export const WATCHES_PER_SEAT = 10;
/** How long the events of a write take a seat per WATCHES_PER_SEAT watchers, µs (`eventAdditionalDuration`). */
export const EVENT_ADDITIONAL_DURATION_US = 5000;
/** Objects of a LIST that make one seat's work, 1.23–1.33 (request/config.go). */
export const OBJECTS_PER_SEAT = 100;
/** Bytes of a LIST that make one seat's work, ≥1.34 (request/list_work_estimator.go). */
export const BYTES_PER_SEAT = 100_000;
/** A LIST from the watch cache is streamed and holds at most that many bytes at once, ≥1.34. */
export const CACHE_WITH_STREAMING_MAX_MEMORY_USAGE = 1_000_000;
/** Share of a level's nominal seats that one request may take (apf_controller.go, PR 118601, 1.28). */
export const PRIORITY_LEVEL_MAX_SEATS_PERCENT = 0.15;

/**
 * Widest request of a level with `nominal` seats that deals `handSize` queues to a flow; a level without queues has no
 * such limit (apf_controller.go finishQueueSetReconfigsLocked). With the default 600 seats it exceeds MAXIMUM_SEATS in the
 * levels that nodes and service accounts use, so that releases before 1.28, which lack it, act alike.
 */
export function maxSeatsOfLevel(nominal: number, handSize: number): number {
  if (handSize === 0) return Infinity;
  const byHand = Math.floor(nominal / handSize);
  return Math.max(1, Math.min(Math.ceil(nominal * PRIORITY_LEVEL_MAX_SEATS_PERCENT), byHand));
}

/**
 * Seats of a write while its events are sent to `watchers` interested watches of this server, in a level
 * that admits `maxSeats` (request/mutating_work_estimator.go). 0: as wide as any request, and over when it is
 * answered.
 */
export function writeFinalSeats(watchers: number, maxSeats: number): number {
  if (watchers < WATCHES_PER_SEAT) return 0;
  return Math.min(Math.ceil(watchers / WATCHES_PER_SEAT), maxSeats, MAXIMUM_SEATS);
}

/**
 * How long a write keeps its final seats after its answer, µs: the work of its events spread over the seats
 * that it is admitted (request/mutating_work_estimator.go, `additionalLatency`). The client does not wait for it.
 */
export function writeExtraLatencyUs(watchers: number, maxSeats: number): number {
  const finalSeats = writeFinalSeats(watchers, maxSeats);
  if (finalSeats === 0) return 0;
  return Math.round((Math.ceil(watchers / WATCHES_PER_SEAT) * EVENT_ADDITIONAL_DURATION_US) / finalSeats);
}

/**
 * Seats of a LIST from the watch cache that reads `objects` objects of together `bytes` bytes; a LIST by
 * `metadata.name`, as kubelets send it, reads one object of the resource's mean size
 * (request/list_work_estimator.go). By size: server ≥1.34 (PR 133034); else by count (≥1.23).
 */
export function listSeats(objects: number, bytes: number, bySize: boolean, maxSeats: number): number {
  const seats = bySize
    ? Math.ceil(Math.min(bytes, CACHE_WITH_STREAMING_MAX_MEMORY_USAGE) / BYTES_PER_SEAT)
    : Math.ceil(objects / OBJECTS_PER_SEAT);
  return Math.max(MINIMUM_SEATS, Math.min(seats, maxSeats, bySize ? MAXIMUM_LIST_SEATS_BY_SIZE : MAXIMUM_SEATS));
}
