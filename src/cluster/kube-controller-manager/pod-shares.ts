/** Shares of a number of pods are meant exactly; this is far below one pod and far above the error of a double. */
const ROUNDING = 1e-9;

/** A share of `pods`, 0 … 1, rounded up. */
export function shareRoundedUp(share: number, pods: number): number {
  return Math.ceil(share * pods - ROUNDING);
}

/** A share of `pods`, 0 … 1, rounded down. */
export function shareRoundedDown(share: number, pods: number): number {
  return Math.floor(share * pods + ROUNDING);
}
