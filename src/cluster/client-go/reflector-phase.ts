/** Where a reflector stands in ListAndWatch. */
export const PHASE = {
  IDLE_LOOP: 0,
  LISTING: 1,
  OPENING: 2,
  OPEN: 3,
  LIST_BACK_OFF: 4,
  WATCH_BACK_OFF: 5,
  /** The stream has ended and the client does not know it yet. */
  BROKEN: 6,
  /** Waits to send the WATCH again that streams the initial state. */
  WATCH_LIST_BACK_OFF: 7,
} as const;
