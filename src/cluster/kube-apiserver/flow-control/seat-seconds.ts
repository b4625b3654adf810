/** Service time that fair queuing expects of a request until it has ended, µs (`estimatedServiceDuration`). */
export const ESTIMATED_SERVICE_DURATION_US = 3000;
/** Units of work in a seat-microsecond: Kubernetes counts whole 10^-8 seat-seconds (`ssScale`, seat_seconds.go). */
const UNITS_PER_SEAT_US = 100;

/** Work of some seats for some microseconds, in whole units; sums of them are exact and so are their ties. */
export function seatSeconds(seats: number, us: number): number {
  return Math.round(seats * us * UNITS_PER_SEAT_US);
}
