import { SECOND_US } from '../../sim/units.js';
import { durationUs } from '../../experiment/language/values/durations.js';
import { LATENCY_RATIO_MAX } from '../../experiment/language/values/fields.js';
import type { LatencySpec } from '../../experiment/language/schema.js';
import { DEFAULTS, measuredText, secondsText, type Finding } from './findings.js';
import { histogramOf, histogramQuantile, type Histogram } from './histogram.js';
import type { Stretch } from './stretch.js';
import { isSimulated, requestsOf, type Labels, type Scrape } from './scrape.js';
import { ln, magnitude, wholePower } from '../../sim/portable-math.js';

/** Of fewer requests the slowest one is the 99th percentile. */
const REQUESTS_MIN = 100;

/** Histograms of whole requests; waits in queues and webhooks included. */
const WHOLE = ['apiserver_request_duration_seconds', 'apiserver_request_latencies'] as const;
/** Without these: runs with cores have queues of their own. */
const WITHOUT_WAITS = ['apiserver_request_sli_duration_seconds', 'apiserver_request_slo_duration_seconds'] as const;
const READ_FAMILIES = [...WITHOUT_WAITS, ...WHOLE];
/** A write waits for its admission webhooks, which are not simulated otherwise. */
const WRITE_FAMILIES: readonly string[] = WHOLE;

const MICROSECOND = 1e-6;
const ETCD = 'etcd_request_duration_seconds_count';

type LatencyField = 'getFromCache' | 'getQuorum' | 'list' | 'write';

/**
 * The latencies of an API server in an experiment, from the server's own histograms of requests for Secrets and
 * ConfigMaps. These begin when the server has read a request and end when it has answered, its CPU included, as
 * `apiServer.*` does; the network is in neither and stays what the experiment says (`network.roundTrip`).
 */
export function latencyFindings({ counted }: Stretch): readonly Finding[] {
  const gets = (labels: Labels): boolean => labels['verb'] === 'GET' && labels['subresource'] === '';
  const lists = (labels: Labels): boolean => labels['verb'] === 'LIST';
  const single = (labels: Labels): boolean => lists(labels) && labels['scope'] === 'resource';
  const writes = (labels: Labels): boolean =>
    ['PUT', 'PATCH', 'APPLY'].includes(labels['verb']) && labels['subresource'] === '';
  const source = getSource(counted);
  const get = (field: 'getFromCache' | 'getQuorum'): Finding =>
    source.field === field
      ? fromHistogram(counted, field, READ_FAMILIES, gets, source.note)
      : stays(field, source.from, source.note);
  return [
    get('getFromCache'),
    get('getQuorum'),
    // A LIST with metadata.name, as kubelets send it, has the scope of a single object from 1.22 on.
    hasRequests(counted, single)
      ? fromHistogram(counted, 'list', READ_FAMILIES, single, 'LISTs of one object, as kubelets send them')
      : fromHistogram(counted, 'list', READ_FAMILIES, lists, 'all LISTs, those of whole namespaces too'),
    fromHistogram(counted, 'write', WRITE_FAMILIES, writes, 'PUT, PATCH and APPLY, with their webhooks'),
  ];
}

/** What no series of a server tells. */
export function unknownLatencies(): readonly Finding[] {
  const { apiServer, etcd, network } = DEFAULTS;
  const unknown = (field: string, standard: LatencySpec, note: string): Finding => ({
    field,
    value: null,
    default: standard,
    from: [],
    note,
  });
  return [
    unknown('apiServer.watch', apiServer.watch, 'the durations of WATCH are their lifetimes'),
    unknown('apiServer.dispatch', apiServer.dispatch, 'no series measures the way of an event through the server'),
    unknown('etcd.watch', etcd.watch, 'no series measures the way of an event from etcd to the watch cache'),
    unknown('network.roundTrip', network.roundTrip, 'the server does not see the network'),
  ];
}

function hasRequests(scrape: Scrape, where: (labels: Labels) => boolean): boolean {
  const family = familyOf(scrape, READ_FAMILIES);
  return family !== undefined && (histogramOf(scrape, family, where)?.count ?? 0) >= REQUESTS_MIN;
}

function familyOf(scrape: Scrape, families: readonly string[]): string | undefined {
  return families.find((family) => scrape.has(`${family}_bucket`));
}

/** Which of the two GETs a server answered: their histogram is one. `field` is null where it answered both. */
interface GetSource {
  readonly field: 'getFromCache' | 'getQuorum' | null;
  readonly from: readonly string[];
  readonly note: string;
}

/** Shares of GETs from etcd up to which all count as cached, and from which all count as quorum reads. */
const NONE_QUORUM = 0.01;
const ALL_QUORUM = 0.99;

/** Verbs of requests that may ask etcd with a `get`, too: writes, and from 1.31 on LISTs for the newest revision. */
const OTHER_ETCD_GETS = ['LIST', 'POST', 'PUT', 'PATCH', 'APPLY', 'DELETE', 'DELETECOLLECTION'];

/** GETs that etcd answered, against all: other requests ask it too, so their share is known between two bounds. */
function getSource(counted: Scrape): GetSource {
  const requests = requestsOf(counted);
  if (requests === undefined || !counted.has(ETCD)) {
    return { field: null, from: [], note: `${ETCD} is absent, which tells cached reads from quorum reads` };
  }
  const from = [requests, ETCD];
  const ofSimulated = (match: (verb: string) => boolean): number =>
    counted.total(requests, (labels) => isSimulated(labels) && match(labels['verb']));
  const gets = ofSimulated((verb) => verb === 'GET');
  const others = ofSimulated((verb) => OTHER_ETCD_GETS.includes(verb));
  if (gets === 0) return { field: null, from, note: 'there were no GETs of Secrets or ConfigMaps' };
  const fromEtcd = counted.total(ETCD, isGetOfSimulated);
  const most = Math.min(1, fromEtcd / gets);
  const least = Math.min(1, Math.max(0, (fromEtcd - others) / gets));
  if (most <= NONE_QUORUM) return { field: 'getFromCache', from, note: 'etcd answered at most 1 % of these GETs' };
  if (least >= ALL_QUORUM) return { field: 'getQuorum', from, note: 'etcd answered all of these GETs' };
  const percent = (share: number): string => `${Math.round(share * 100)} %`;
  const range = percent(least) === percent(most) ? percent(most) : `${percent(least)} to ${percent(most)}`;
  return { field: null, from, note: `etcd answered ${range} of the GETs, and one histogram holds both kinds` };
}

function isGetOfSimulated({ operation, type, group, resource }: Labels): boolean {
  if (operation !== 'get') return false;
  return isSimulated({ group, resource }) || /^(?:\*core\.(?:Secret|ConfigMap)|secrets|configmaps)$/.test(type);
}

function stays(field: LatencyField, from: readonly string[], note: string): Finding {
  return { field: `apiServer.${field}`, value: null, default: DEFAULTS.apiServer[field], from, note };
}

function fromHistogram(
  counted: Scrape,
  field: LatencyField,
  families: readonly string[],
  where: (labels: Labels) => boolean,
  what: string,
): Finding {
  const family = familyOf(counted, families);
  if (family === undefined) return stays(field, [], `${WHOLE[0]} is absent`);
  const from = [`${family}_bucket`];
  const histogram = histogramOf(counted, family, where, family === 'apiserver_request_latencies' ? MICROSECOND : 1);
  const count = histogram?.count ?? 0;
  if (histogram === null || count < REQUESTS_MIN) {
    return stays(field, from, `${what}: only ${count}; the 99th percentile takes ${REQUESTS_MIN}`);
  }
  const { value, note } = fitLatency(histogram, quantilesOf(DEFAULTS.apiServer[field]));
  const noted = `${what}: ${measuredText(count)}; ${note}`;
  if (value === null) return stays(field, from, noted);
  return { field: `apiServer.${field}`, value, default: DEFAULTS.apiServer[field], from, note: noted };
}

interface Quantiles {
  readonly p50: string;
  readonly p99: string;
}

function quantilesOf(latency: LatencySpec): Quantiles {
  return typeof latency === 'string' ? { p50: latency, p99: latency } : latency;
}

/**
 * The quantiles of a histogram as an experiment may hold them; null where it keeps its own (`standard`).
 *
 * - Both within buckets: as measured.
 * - The median in the lowest bucket: at most the standard one or that bucket's bound.
 * - Both in the lowest bucket: the standard law's shape with the measured mean, where that fits into the bucket.
 * - The 99th percentile beyond the last bucket: the standard.
 *
 * No shifted exponential law has a 99th percentile above 6.64 medians. Then the 99th percentile is kept, for the last
 * pod depends on it, and the median raised to what the law needs: at neither quantile a server is faster than measured.
 */
export function fitLatency(
  histogram: Histogram,
  standard: Quantiles,
): { readonly value: Quantiles | null; readonly note: string } {
  const [p50, p99] = [histogramQuantile(histogram, 0.5), histogramQuantile(histogram, 0.99)];
  if (p99.at !== 'within') {
    if (p99.at === 'lowest') return scaled(histogram, standard, p99.bound);
    return { value: null, note: `the 99th percentile is beyond the last bucket, ${secondsText(p99.bound)}` };
  }
  const tail = secondsText(p99.seconds);
  const measured = p50.at === 'within' ? p50.seconds : Math.min(p50.bound, durationUs(standard.p50) / SECOND_US);
  const median = secondsText(measured);
  const what =
    p50.at === 'within'
      ? `p50 ${median}, p99 ${tail}`
      : `p99 ${tail}; p50 is in the lowest bucket, up to ${secondsText(p50.bound)}: not determined`;
  const least = Math.ceil(durationUs(tail) / LATENCY_RATIO_MAX);
  if (durationUs(median) >= least) return { value: { p50: median, p99: tail }, note: what };
  // Rounded up at the third digit: rounded down, the pair would be refused.
  const step = wholePower(10, Math.max(0, magnitude(least) - 2));
  const raised = secondsText((Math.ceil(least / step) * step) / SECOND_US);
  const note = `${what}; p50 is raised to ${raised}, for the law needs p99 ≤ ${LATENCY_RATIO_MAX.toFixed(2)} × p50`;
  return { value: { p50: raised, p99: tail }, note };
}

function scaled(
  { sum, count }: Histogram,
  standard: Quantiles,
  bound: number,
): { readonly value: Quantiles | null; readonly note: string } {
  const [p50, p99] = [durationUs(standard.p50) / SECOND_US, durationUs(standard.p99) / SECOND_US];
  const mean = sum / count;
  const scale = mean / meanOf(p50, p99);
  const what = `99 % took at most ${secondsText(bound)}, the lowest bucket: quantiles are not determined`;
  if (p99 * scale > bound) {
    return { value: null, note: `${what}; the mean, ${secondsText(mean)}, is that of a few slow requests` };
  }
  if (p50 * scale < SHORTEST_S) return { value: null, note: `${what}; the mean is too short for any request` };
  return {
    value: { p50: secondsText(p50 * scale), p99: secondsText(p99 * scale) },
    note: `${what}; the default law, scaled to the mean of ${secondsText(mean)}`,
  };
}

/** No request takes less; below, whole microseconds are too coarse for a pair of quantiles. */
const SHORTEST_S = 10e-6;

/** The mean of the shifted exponential law with two quantiles. */
function meanOf(p50: number, p99: number): number {
  const exponential = (p99 - p50) / ln(50);
  return p50 + exponential * (1 - Math.LN2);
}
