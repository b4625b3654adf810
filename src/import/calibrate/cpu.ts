import { SECOND_US } from '../../sim/units.js';
import type { CostTable } from '../../cluster/model/costs.js';
import type { MeasuredRelease } from '../../cluster/model/measured-costs.js';
import { DEFAULTS, measuredText, rounded, type Finding } from './findings.js';
import { measuredServer } from './measured-server.js';
import type { Stretch } from './stretch.js';
import { requestsOf, type Labels, type Scrape } from './scrape.js';

/** What a server was asked to do in an interval, and what that costs on the machine of the cost table. */
export interface CountedWork {
  /** Requests that were answered; a WATCH is counted when it ends. */
  readonly requests: number;
  /** Of these: CONNECT, proxied ones and the like, which the table has no price for. */
  readonly unpriced: number;
  readonly events: number;
  /** WATCHes that were opened. */
  readonly watches: number;
  /** Seconds at `cpuScale` 1. */
  readonly cpuSeconds: number;
}

/** Below, the clock ticks of the process and its garbage collector count as much as requests. */
const CPU_SECONDS_MIN = 1;

/** What `cpuScale` may be in an experiment. */
const SCALE_MIN = 0.001;
const SCALE_MAX = 1000;

const EVENTS = 'apiserver_watch_events_total';
const CPU = 'process_cpu_seconds_total';
const ETCD = 'etcd_request_duration_seconds_count';

/** Names under which releases count what is open, the newest first. */
const OPEN_NAMES = [
  'apiserver_longrunning_requests',
  'apiserver_longrunning_gauge',
  'apiserver_registered_watchers',
] as const;

/** WATCHes that are open at a server, and the series that says so; null where none does. */
export function openWatchSeries(scrape: Scrape): { readonly name: string; readonly count: number } | null {
  const name = scrape.firstOf(OPEN_NAMES);
  if (name === undefined) return null;
  const onlyWatches = name === 'apiserver_registered_watchers';
  return {
    name,
    count: scrape.total(name, (labels) => onlyWatches || isWatch(labels['verb']) || isWatchOfOne(labels)),
  };
}

/**
 * 1.21 and 1.22 count a WATCH of one object, as kubelets open it, as a GET (`metrics.go` RecordLongRunning). No GET of an
 * object itself runs for long; those of subresources do (logs, exec).
 */
function isWatchOfOne({ verb, scope, subresource }: Labels): boolean {
  return verb === 'GET' && scope === 'resource' && subresource === '';
}

function isWatch(verb: string): boolean {
  return verb === 'WATCH' || verb === 'WATCHLIST';
}

/**
 * The CPU that the costs of the server's release predict for the counted requests and events. Whatever the resource, each is priced
 * like that of a Secret of 1 KiB; leases and node status are among the counted requests, so nothing is added for
 * nodes. As many GETs as etcd answered are priced as quorum reads. A process's start is priced where the interval
 * begins with it.
 */
export function countWork({ counted, before }: Stretch): CountedWork {
  const measured = measuredServer(counted);
  const { costs } = measured;
  const name = requestsOf(counted);
  const rows = name === undefined ? [] : counted.rows(name);
  const sums = { ns: 0, requests: 0, unpriced: 0, gets: 0, ended: 0 };
  for (const { labels, value } of rows) {
    const price = priceOf(labels, costs);
    sums.requests += value;
    if (price === 'get') sums.gets += value;
    else if (price === 'watch') sums.ended += value;
    else if (price === null) sums.unpriced += value;
    else sums.ns += price * value;
  }
  // A GET without a resourceVersion, as clients send it, goes to etcd.
  const quorum = counted.has(ETCD) ? counted.total(ETCD, ({ operation }) => operation === 'get') : sums.gets;
  const quorumGets = Math.min(sums.gets, quorum);
  const opened = (openWatchSeries(counted)?.count ?? 0) - (before === null ? 0 : (openWatchSeries(before)?.count ?? 0));
  const watches = Math.max(0, sums.ended + opened);
  const events = counted.total(EVENTS);
  const { getQuorum, getFromCache, watch, event } = costs;
  const ns =
    sums.ns +
    quorumGets * getQuorum.at1KiB +
    (sums.gets - quorumGets) * getFromCache.at1KiB +
    watches * watch +
    events * event.at1KiB;
  const cpuSeconds = ns / 1e9 + (before === null ? startCpuSeconds(measured) : 0);
  return { requests: sums.requests, unpriced: sums.unpriced, events, watches, cpuSeconds };
}

const WRITES = ['POST', 'PUT', 'PATCH', 'APPLY', 'DELETE', 'DELETECOLLECTION'];

/** Groups whose POSTs are questions: nothing is stored. */
const QUESTIONS = ['authentication.k8s.io', 'authorization.k8s.io'];

/** Nanoseconds of a request, the group of requests that decides them, or null: no price. */
function priceOf(
  { verb, code, group, subresource }: Labels,
  { rejected, watchGone, tokenRequest, getFromCache, list, write }: CostTable,
): number | 'get' | 'watch' | null {
  if (code === '401' || code === '403' || code === '429') return rejected;
  if (isWatch(verb)) return code === '410' ? watchGone : 'watch';
  if (verb === 'GET' || verb === 'HEAD') return 'get';
  if (verb === 'LIST') return list.at1KiB;
  if (!WRITES.includes(verb)) return null;
  if (verb === 'POST' && subresource === 'token') return tokenRequest;
  if (verb === 'POST' && QUESTIONS.includes(group)) return getFromCache.at1KiB;
  return write.at1KiB;
}

function startCpuSeconds({ startup }: MeasuredRelease): number {
  return (startup.serveCpuUs + startup.readyCpuUs) / SECOND_US;
}

/**
 * `apiServer.cpuScale`: the CPU that the process used, over what the cost table predicts for what it did. It is an
 * average over all verbs: one equation cannot tell them apart, so the ratios of the table are kept. It tends to be too
 * high, for garbage collection, controllers inside the server, LISTs of many objects and larger objects are in the CPU
 * that was used, and not in the prediction; what a server uses when idle cannot be told apart, either.
 */
export function cpuScaleFinding(interval: Stretch, work: CountedWork): Finding {
  const used = interval.counted.value(CPU);
  const requestsName = requestsOf(interval.counted) ?? '';
  const finding = {
    field: 'apiServer.cpuScale',
    default: DEFAULTS.apiServer.cpuScale,
    from: [CPU, requestsName, ...[...OPEN_NAMES, EVENTS, ETCD].filter((name) => interval.counted.has(name))],
  };
  const stays = (note: string): Finding => ({ ...finding, value: null, note });
  if (used === null) return stays(`${CPU} is absent`);
  const usedText = `${measuredText(used)} s of CPU`;
  if (used < CPU_SECONDS_MIN) return stays(`only ${usedText} were used: too little to tell requests from the rest`);
  if (work.cpuSeconds === 0) return stays(`${usedText} were used, but no request or event was counted`);
  const value = rounded(used / work.cpuSeconds);
  const did =
    `${measuredText(work.requests)} requests, ${measuredText(work.watches)} WATCHes opened and ` +
    `${measuredText(work.events)} events`;
  const start = interval.before === null ? ' and the start of the process' : '';
  const predicted = `${usedText}; ${did}${start} cost ${measuredText(work.cpuSeconds)} s at scale 1`;
  if (value < SCALE_MIN || value > SCALE_MAX) {
    return stays(`${predicted}; a scale may be from ${SCALE_MIN} to ${SCALE_MAX}`);
  }
  const unpriced = work.unpriced === 0 ? '' : `; ${measuredText(work.unpriced)} of the requests have no price`;
  const note = `${predicted}${unpriced}. An average over all verbs, and rather too high: garbage collection is in it`;
  return { ...finding, value, note };
}
