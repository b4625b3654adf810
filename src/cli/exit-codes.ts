/** What the program's exit code tells a script. */
export const EXIT = {
  done: 0,
  /** A run failed, or the results could not be written. */
  failed: 1,
  /** Bad usage or bad input: nothing was run and nothing written. */
  badInput: 2,
  /** Done, but an SLO was missed. */
  sloMissed: 3,
  /** Stopped by a signal; what had finished is kept. */
  interrupted: 130,
} as const;
