import type { Laboratory } from './laboratory.js';

/** A stop of a server, and the start of the next process, on the clock of the restarts, s. */
interface Stop {
  readonly stop: number;
  readonly start: number;
}

/** What kubelets found who dialled while a server was killed and started anew; times on the clock of the restarts, s. */
export interface Dials {
  /** When the kernel had closed the listening socket of the process that was killed; null: nobody dialled before. */
  readonly goneAt: number | null;
  /** When the next process listened. */
  readonly listensAt: number;
  /** The first dials of a group's kubelets, ascending: by each a request, mostly a reflector's, that had lost its connection. */
  readonly noticed: readonly number[];
}

/** Nobody dials for the second time before: the shortest back-off of a reflector (`reflector.go`), and 1 s after a reset. */
const FIRST_DIALS_S = 0.8;

/** Reads the dials of a restart; null where a laboratory did not write them down. */
export function dialsOf({ tables }: Pick<Laboratory, 'tables'>, { stop, start }: Stop, wanted: string): Dials | null {
  const rows = tables
    .optionalRows('restart-dials', { text: ['group', 'class'], numbers: ['at_s'] })
    .map(({ group, class: failed, at_s }) => ({ group, failed, at: Number(at_s) }))
    .filter(({ at }) => at >= stop);
  const heard = rows.find(({ at, failed }) => failed === '' && at >= start);
  if (heard === undefined) return null;
  const between = rows.filter(({ at }) => at < heard.at);
  const lastMet = between.findLastIndex(({ at, failed }) => failed !== 'refused' && at < start);
  return {
    goneAt: lastMet < 0 ? null : between[lastMet + 1].at,
    // It lies between the last dial that was refused and the first that was not.
    listensAt: (Math.max(start, between.at(-1)?.at ?? start) + heard.at) / 2,
    noticed: rows.filter(({ group, at }) => group === wanted && at < stop + FIRST_DIALS_S).map(({ at }) => at),
  };
}
