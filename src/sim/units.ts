/** Units of time in microseconds, the simulator's own. */
export const MILLISECOND_US = 1e3;
export const SECOND_US = 1e6;
export const MINUTE_US = 60 * SECOND_US;
export const HOUR_US = 3600 * SECOND_US;
