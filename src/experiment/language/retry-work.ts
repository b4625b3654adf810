import { strategyNamed } from '../../cluster/kubelet/secret-manager/strategies.js';
import { cpuNs, OBJECT_OVERHEAD_BYTES } from '../../cluster/model/costs.js';
import { longestShutdownUs } from '../../cluster/workload/graceful-shutdown.js';
import { plannedRestarts } from '../../cluster/workload/restarts.js';
import type { ModelInput } from '../../cluster/model/model-input.js';
import { randomnessOf } from '../../cluster/model/randomness.js';
import { automaticDrainUs } from '../../cluster/run/run-span.js';
import { exp, ln } from '../../sim/portable-math.js';
import { SECOND_US } from '../../sim/units.js';
import type { ClusterReads } from './cluster-reads.js';
import { type SentWrites, sentWrites } from './sent-writes.js';

/**
 * Seconds per attempt that finds no server, that is told to come again (429), and that a server carries out too late:
 * rough, of runs timed on one machine, like all costs of the estimate. A rejected one is four events, which took 0.8 to 1 µs in
 * a warm process alone; it counts twice that.
 */
const REFUSED_S = 9e-7;
const REJECTED_S = 2e-6;
const LATE_S = 5e-6;
/** Seconds per LIST or WATCH that a reflector tries while no server is there; as rough. */
const REFLECTOR_S = 3e-6;
/** A writer waits so long before it sends again, a reflector 30 s and up to twice that. */
const WRITER_WAIT_US = SECOND_US;
const REFLECTOR_WAIT_US = 45 * SECOND_US;
/** Where writes queue for seats, they do so for a while before they are told to come again. */
const QUEUED_WAIT_US = 15 * SECOND_US;
/**
 * Share of a server's seats that writers have among the priority levels: 100 of 245 shares of `workload-low`
 * (`apiserver/pkg/apis/flowcontrol/bootstrap/default.go`).
 */
const WRITERS_SHARE = 0.4;
const MEAN = 0.5;

/** A time in which no server accepts connections, µs. */
interface Outage {
  readonly from: number;
  readonly until: number;
}

/**
 * Roughly how many seconds requests cost that are sent again: those that find no server, are told to come again (429),
 * or are answered too late. `ttlUs`: the longest that a cached object is kept, which the automatic drain allows for.
 */
export function retrySeconds(input: ModelInput, { entries }: ClusterReads, ttlUs: number): number {
  const { drainUs, durationUs } = input;
  const limit = durationUs + (drainUs === 'auto' ? automaticDrainUs(input, ttlUs) : drainUs);
  const all = input.timeline.map((entry) => sentWrites(entry, input)).filter(({ count }) => count > 0);
  const outages = outagesOf(input, limit);
  const dark = outages.reduce((sum, { from, until }) => sum + Math.max(0, Math.min(until, durationUs) - from), 0);
  const reflectors =
    strategyNamed(input.kubelet.strategy).keeps === 'copy' ? (entries * dark * REFLECTOR_S) / REFLECTOR_WAIT_US : 0;
  return all.reduce((sum, writes) => {
    const refused = outages.reduce((attempts, outage) => attempts + refusals(writes, outage, input), 0);
    return sum + refused * REFUSED_S + unansweredSeconds(writes, limit, input);
  }, reflectors);
}

/** Attempts of writes that find no server. */
function refusals({ count, fromUs, untilUs }: SentWrites, { from, until }: Outage, input: ModelInput): number {
  const [first, last] = [Math.max(from, fromUs), Math.min(until, untilUs)];
  if (first > last) return 0;
  const sent = untilUs > fromUs ? (count * (last - first)) / (untilUs - fromUs) : count;
  return (sent * (until - (first + last) / 2)) / (WRITER_WAIT_US + input.network.roundTrip.p50Us);
}

/** Seconds for attempts of writes that servers take and do not carry out in time, up to `limit`. */
function unansweredSeconds({ count, bytes, fromUs, untilUs }: SentWrites, limit: number, input: ModelInput): number {
  const { apiServer, apiServers, behaviours } = input;
  const { write, requestTimeoutUs, capacity } = apiServer;
  const span = Math.max(0, limit - fromUs);
  const late = shareBeyond(write, requestTimeoutUs);
  const slow = Math.min(late / Math.max(1e-9, 1 - late), span / (write.p50Us + WRITER_WAIT_US));
  if (capacity === 'unlimited') return count * slow * LATE_S;
  const inflight = behaviours.flowControl === 'maxInflight';
  const { maxRequestsInflight, maxMutatingRequestsInflight } = apiServer;
  const shared = Math.max(1, WRITERS_SHARE * (maxRequestsInflight + maxMutatingRequestsInflight));
  // 0 is no limit where there are no priority levels.
  const limited = maxMutatingRequestsInflight === 0 ? Infinity : maxMutatingRequestsInflight;
  const seats = inflight ? limited : shared;
  const work = Math.max(1, (cpuNs(apiServer.costs.write, bytes + OBJECT_OVERHEAD_BYTES) * apiServer.cpuScale) / 1e3);
  const bySeats = seats === Infinity ? seats : (apiServers * seats * (1 - late)) / Math.max(1, write.p50Us);
  const byCores = (apiServers * capacity) / work;
  // Writes come at one rate and are carried out at another; what waits is sent again and again.
  const perUs = Math.min(bySeats, byCores);
  const needed = count / perUs;
  const cleared = Math.min(span, Math.max(0, needed - (untilUs - fromUs)));
  const waiting = count * cleared * (needed > span ? 1 - span / (2 * needed) : MEAN);
  const waits = waiting / (WRITER_WAIT_US + (inflight ? 0 : QUEUED_WAIT_US));
  // No more are taken than the cores can read, where these are what is scarce.
  const rejected = Math.min(waits, (span * apiServers * capacity) / Math.max(1, rejectionUs(input)));
  return count * slow * LATE_S + rejected * REJECTED_S;
}

function rejectionUs({ apiServer }: ModelInput): number {
  return (apiServer.costs.rejected * apiServer.cpuScale) / 1e3;
}

/** Share of a shifted exponential law that lies beyond a time. */
function shareBeyond({ p50Us, p99Us }: { readonly p50Us: number; readonly p99Us: number }, us: number): number {
  const mean = (p99Us - p50Us) / ln(50);
  const shift = p50Us - mean * Math.LN2;
  if (us < shift) return 1;
  return mean === 0 ? 0 : exp((shift - us) / mean);
}

/** When no server accepts connections, up to `limit`. */
function outagesOf(input: ModelInput, limit: number): Outage[] {
  const { apiServer, apiServers, timeline } = input;
  if (!timeline.some(({ action }) => action === 'restartApiServer' || action === 'rotateEncryptionKey')) return [];
  const spans = timeline.map((entry) => sentWrites(entry, input)).map(({ fromUs, untilUs }) => untilUs - fromUs);
  const restarts = plannedRestarts(input, randomnessOf(input.seed, 1), (entry) => spans[entry]);
  const byServer = Array.from({ length: apiServers }, (): Outage[] => []);
  for (const { server, at, downtimeUs, graceful } of restarts) {
    const until = at + (graceful ? longestShutdownUs(apiServer) : 0) + downtimeUs + apiServer.startup.listenUs;
    if (at < limit) byServer[server].push({ from: at, until: Math.min(limit, until) });
  }
  return byServer.map(merged).reduce(common);
}

/** Times that overlap as one. */
function merged(times: readonly Outage[]): Outage[] {
  const all: Outage[] = [];
  for (const time of [...times].sort((a, b) => a.from - b.from)) {
    const last = all.at(-1);
    if (last !== undefined && time.from <= last.until)
      all[all.length - 1] = { from: last.from, until: Math.max(last.until, time.until) };
    else all.push(time);
  }
  return all;
}

/** What two ascending lists of times have in common. */
function common(some: readonly Outage[], others: readonly Outage[]): Outage[] {
  const both: Outage[] = [];
  for (let i = 0, j = 0; i < some.length && j < others.length;) {
    const from = Math.max(some[i].from, others[j].from);
    const until = Math.min(some[i].until, others[j].until);
    if (from < until) both.push({ from, until });
    if (some[i].until < others[j].until) i++;
    else j++;
  }
  return both;
}
