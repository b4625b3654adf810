import { resolve } from 'node:path';
import { InputError } from '../../experiment/language/values/input-error.js';
import { STDIN } from '../../experiment/language/source.js';
import { countWork, cpuScaleFinding, openWatchSeries } from './cpu.js';
import { DEFAULTS, measuredText, type Finding } from './findings.js';
import { between, sinceStart, type Stretch } from './stretch.js';
import { latencyFindings, unknownLatencies } from './latencies.js';
import { watchMemoryFinding } from './memory.js';
import { readScrape } from './scrape.js';
import { seatFindings } from './seats.js';
import { overlayText } from './text.js';
import { refuseExisting, writeTogether } from '../../report/output-files.js';

export interface CalibrateOptions {
  /** One scrape of a kube-apiserver's /metrics, or two of the same process, the earlier first; `-`: standard input. */
  readonly scrapes: readonly string[];
  /** Seconds between two scrapes; needed where these have no timestamps. */
  readonly intervalSeconds?: number;
  /** Cores of the server. */
  readonly cores?: number;
  /** The file to be written. */
  readonly out: string;
  /** Replaces a file that exists. */
  readonly force?: boolean;
}

/** What a server did, and what that tells of an experiment's numbers. */
export interface Calibration {
  /** The file that was written. */
  readonly file: string;
  readonly scrapes: readonly string[];
  readonly measured: {
    /** Length of the interval; null where it is not known: since a process began. */
    readonly seconds: number | null;
    /** CPU that the process used, seconds. */
    readonly cpuSeconds: number | null;
    readonly requests: number;
    /** Events sent to watchers, bookmarks included. */
    readonly events: number;
    /** WATCHes that are open at the end. */
    readonly watchesOpen: number | null;
    readonly residentMemoryBytes: number | null;
  };
  readonly findings: readonly Finding[];
}

/** A process may use a little more than its cores between two readings of a clock. */
const CORES_TOLERANCE = 1.05;

/**
 * Measures the costs and latencies of a kube-apiserver by its own metrics, and writes them as a file that is laid over
 * an experiment. Names of objects are in none of the series that are read. Writes the file or nothing.
 * Throws an InputError where the input is at fault, an OutputError where the disk is.
 */
export async function calibrate(options: CalibrateOptions): Promise<Calibration> {
  const { scrapes, out, cores = null, force = false } = options;
  refuseRepeated(scrapes);
  if (scrapes.some((path) => path !== STDIN && resolve(path) === resolve(out))) {
    throw new InputError([`${out}: is one of the scrapes; name another file to be written`]);
  }
  await refuseExisting([out], force);
  const interval = await readInterval(options);
  refuseMoreThan(cores, interval);
  const work = countWork(interval);
  const findings = [
    capacityFinding(cores),
    cpuScaleFinding(interval, work),
    ...latencyFindings(interval),
    watchMemoryFinding(interval),
    ...seatFindings(interval),
    ...unknownLatencies(),
  ];
  const { counted, seconds } = interval;
  const origin = { scrapes, interval: describeInterval(interval) };
  await writeTogether([{ path: out, bytes: Buffer.from(overlayText(origin, findings)) }]);
  return {
    file: out,
    scrapes,
    measured: {
      seconds,
      cpuSeconds: counted.value('process_cpu_seconds_total'),
      requests: work.requests,
      events: work.events,
      watchesOpen: openWatchSeries(counted)?.count ?? null,
      residentMemoryBytes: counted.value('process_resident_memory_bytes'),
    },
    findings,
  };
}

function refuseRepeated(scrapes: readonly string[]): void {
  const repeated = scrapes.find((path, index) => scrapes.indexOf(path) < index);
  if (repeated === undefined) return;
  throw new InputError([`${repeated === STDIN ? 'standard input (-)' : repeated}: is given twice`]);
}

async function readInterval({ scrapes, intervalSeconds }: CalibrateOptions): Promise<Stretch> {
  const [first, second] = scrapes;
  const earlier = await readScrape(first);
  return scrapes.length === 1
    ? sinceStart(earlier)
    : between(earlier, await readScrape(second), intervalSeconds ?? null);
}

/** Cores that a server does not have would be simulated without complaint. */
function refuseMoreThan(cores: number | null, { counted, seconds }: Stretch): void {
  const used = counted.value('process_cpu_seconds_total');
  if (cores === null || used === null || seconds === null || used / seconds <= cores * CORES_TOLERANCE) return;
  throw new InputError([
    `${counted.label}: the server used ${measuredText(used)} s of CPU in ${measuredText(seconds)} s, more than ` +
      `${cores} cores have: is the number of cores that of the server, and the time between the scrapes right?`,
  ]);
}

function capacityFinding(cores: number | null): Finding {
  const note = cores === null ? 'no series tells how many cores the server has: --cores N' : 'given as --cores';
  return { field: 'apiServer.capacity', value: cores, default: DEFAULTS.apiServer.capacity, from: [], note };
}

function describeInterval({ before, seconds }: Stretch): string {
  const length = seconds === null ? '' : `${measuredText(seconds)} s`;
  if (before !== null) return `${length} apart`;
  return seconds === null ? "since the server's start" : `since the server's start, ${length}`;
}
