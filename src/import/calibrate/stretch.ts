import { InputError } from '../../experiment/language/values/input-error.js';
import type { Scrape } from './scrape.js';

/** What a server did in a stretch of time. */
export interface Stretch {
  /** Counters: what they grew by. Gauges: at its end. */
  readonly counted: Scrape;
  /** The scrape at its start; null where it began with the process. */
  readonly before: Scrape | null;
  /** Its length; null where that is not known. */
  readonly seconds: number | null;
}

/** Start times of one process as two scrapes tell them; the kernel's clock may be set in between. */
const START_TOLERANCE_S = 2;

/** From the start of the process to the scrape; the length is known where the scrape has timestamps. */
export function sinceStart(scrape: Scrape): Stretch {
  const startedAt = scrape.value('process_start_time_seconds');
  const age = scrape.takenAtMs === null || startedAt === null ? 0 : scrape.takenAtMs / 1000 - startedAt;
  return { counted: scrape, before: null, seconds: age > 0 ? age : null };
}

/**
 * From one scrape to a later one of the same process. `givenSeconds` goes before the scrapes' own timestamps.
 * Throws an InputError where they are of two processes, in the wrong order, or so far apart as nobody says. It repeats
 * no value: what was given by mistake may hold anything.
 */
export function between(earlier: Scrape, later: Scrape, givenSeconds: number | null): Stretch {
  refuseOtherProcess(earlier, later);
  for (const { name, key, row } of earlier.counters()) {
    if (later.row(name, key) === undefined) {
      throw new InputError([
        `${earlier.label}:${row.line}: ${later.label} does not have this series of ${name}, which never goes away ` +
          `while a server runs: ${ONE_SERVER}`,
      ]);
    }
  }
  const counted = later.withCounters((name, key, row) => {
    const start = earlier.row(name, key)?.value ?? 0;
    if (row.value >= start) return { ...row, value: row.value - start };
    throw new InputError([
      `${later.label}:${row.line}: this series of ${name} is less than in ${earlier.label}; a counter only grows: give ` +
        `the earlier scrape first; ${ONE_SERVER}`,
    ]);
  });
  return { counted, before: earlier, seconds: givenSeconds ?? secondsBetween(earlier, later) };
}

const ONE_SERVER = 'both scrapes have to be of one server, without a restart in between';

function refuseOtherProcess(earlier: Scrape, later: Scrape): void {
  const name = 'process_start_time_seconds';
  const [before, after] = [earlier.rows(name).at(0), later.rows(name).at(0)];
  if (before === undefined || after === undefined || Math.abs(after.value - before.value) <= START_TOLERANCE_S) return;
  throw new InputError([
    `${later.label}:${after.line}: ${name} is another one than in line ${before.line} of ${earlier.label}: the server ` +
      `was restarted, or a load balancer led to another one; ${ONE_SERVER}`,
  ]);
}

function secondsBetween(earlier: Scrape, later: Scrape): number {
  const [from, to] = [earlier.takenAtMs, later.takenAtMs];
  if (from === null || to === null) {
    throw new InputError([
      `${(from === null ? earlier : later).label}: has no timestamps: say with --interval how far the scrapes are ` +
        'apart, such as --interval 60s',
    ]);
  }
  if (to > from) return (to - from) / 1000;
  throw new InputError([
    `${later.label}: its timestamps are not later than those of ${earlier.label}: give the earlier scrape first, or ` +
      'say with --interval how far they are apart',
  ]);
}
