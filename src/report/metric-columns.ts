import type { ExceedanceMetric, Metric, MetricName } from '../cluster/model/run-record.js';
import { isExceedance, isOfOperators } from '../experiment/language/values/metrics.js';
import type { Column } from './columns.js';
import { operatorColumn } from './operator-columns.js';

const s = 's';
const DICTIONARY: Readonly<Record<MetricName, readonly [type: 'integer' | 'number', unit: string, meaning: string]>> = {
  updates: ['integer', 'updates', 'content changes of objects that were committed'],
  updates_rejected: [
    'integer',
    'updates',
    'content changes that the API server answered with an error (immutable objects)',
  ],
  due: [
    'integer',
    'consumers',
    "update × consumer (a pod's place, object, as) of the pods that run when the update commits; " +
      'due = projections + replaced + never_projected + pending_at_end + gone',
  ],
  projections: ['integer', 'consumers', 'due ones that happened in place: the pod has the new files'],
  replaced: ['integer', 'consumers', 'due ones that happened by a new pod in the same place, which started with them'],
  never_projected: [
    'integer',
    'consumers',
    'due ones that did not happen, and will not before a restart: subPath, env, immutable or deleted objects',
  ],
  pending_at_end: ['integer', 'consumers', 'due ones that could still happen when the run ended'],
  gone: ['integer', 'consumers', 'due ones whose place went first: no other pod followed'],
  delay_mean_s: [
    'number',
    s,
    "delay: from the update's commit in etcd to the new files in the pod; mean over the projections",
  ],
  delay_p50_s: ['number', s, 'delay, median over the projections (R-7)'],
  delay_p90_s: ['number', s, 'delay, 90 % quantile over the projections (R-7)'],
  delay_p99_s: ['number', s, 'delay, 99 % quantile over the projections (R-7)'],
  delay_p999_s: ['number', s, 'delay, 99.9 % quantile over the projections (R-7)'],
  delay_max_s: ['number', s, 'longest delay of a projection'],
  write_mean_s: ['number', s, 'from sending the update to its commit (not part of the delay), mean'],
  cache_delay_mean_s: [
    'number',
    s,
    'stage 1 of the delay: from the commit until every read by this kubelet returns the new value; mean',
  ],
  sync_wait_mean_s: [
    'number',
    s,
    'stage 2 of the delay: until the start of the pod sync that picks the value up; mean',
  ],
  refresh_mean_s: [
    'number',
    s,
    'stage 3 of the delay: volume manager loops, fetch, retries and atomic write of the new files; mean',
  ],
  last_pod_mean_s: [
    'number',
    s,
    'per update, from commit until the last due pod has it; mean (empty if one is pending)',
  ],
  last_pod_max_s: [
    'number',
    s,
    'per update, from commit until the last due pod has it; longest (empty if one is pending)',
  ],
  last_pod_bound_s: [
    'number',
    s,
    'per update, from commit until every due pod has it at the most, as a closed form; longest (empty where there is none)',
  ],
  stale_pod_seconds: [
    'number',
    'pod s',
    'consumers × seconds that showed an outdated value, from the start of their pod on until they had the new one; those ' +
      'that never had it: until the end of the measured time',
  ],
  started_stale: ['integer', 'pods', 'pods that started with an outdated value'],
  get_per_s: [
    'number',
    'requests/s',
    'GETs of secrets and configmaps that reach the API servers, mean over the measured time',
  ],
  list_per_s: ['number', 'requests/s', 'LISTs of secrets and configmaps that reach the API servers'],
  watch_per_s: ['number', 'requests/s', 'WATCH requests for secrets and configmaps that reach the API servers'],
  write_per_s: ['number', 'requests/s', 'writes of secrets and configmaps that reach the API servers'],
  quorum_reads_per_s: ['number', 'requests/s', 'reads of secrets and configmaps that reach etcd'],
  requests_max_per_s: ['number', 'requests/s', 'busiest whole second of one API server'],
  watches_open_mean: ['number', 'watches', 'open watches on all API servers, mean over time'],
  watches_open_max: ['integer', 'watches', 'open watches on all API servers, most at one time'],
  kubelet_connections: [
    'integer',
    'connections',
    'HTTP/2 connections that the kubelets need for the watches open at the end: one per stream limit (250 or 100), at least one each',
  ],
  watches_open_max_per_server: ['integer', 'watches', 'open watches on one API server, most at one time'],
  watch_events_per_s: ['number', 'events/s', 'watch events sent by the API servers'],
  bookmarks_per_s: ['number', 'bookmarks/s', 'bookmarks sent by the API servers'],
  bytes_sent_per_s: ['number', 'bytes/s', 'bytes that watches and reads send'],
  queued_max: ['integer', 'requests', 'requests waiting in flow control, most at one time'],
  rejected_429: ['integer', 'requests', 'requests rejected by flow control'],
  mount_failures: ['integer', 'mounts', 'volume mounts that failed and were tried again'],
  apiserver_cpu_cores: [
    'number',
    'cores',
    'CPU of all API servers for this traffic alone, estimate from the cost table',
  ],
  requests_refused: [
    'integer',
    'requests',
    'requests that found no API server accepting connections, warm-up included',
  ],
  requests_lost: ['integer', 'requests', 'requests whose connection broke, warm-up included'],
  gone_410: ['integer', 'requests', 'watches answered 410 Gone: older than the history of the watch cache'],
  watches_terminated: ['integer', 'watches', 'watches that a server closed because their client was too slow'],
  watches_lost: ['integer', 'watches', 'watches open at API servers when these stopped'],
  watch_recovery_p50_s: [
    'number',
    's',
    'from the stop of their API server until half of the lost watches are open again',
  ],
  watch_recovery_p90_s: [
    'number',
    s,
    'from the stop of their API server until 90 % of the lost watches are open again',
  ],
  watch_recovery_max_s: [
    'number',
    s,
    'from the stop of their API server until all lost watches are open again; empty while some are missing',
  ],
  apiserver_utilization_max: [
    'number',
    'share',
    'CPU of this traffic as a share of the cores of an API server, busiest server and bin; empty where capacity is unlimited',
  ],
  token_requests: [
    'integer',
    'requests',
    'TokenRequests of the kubelets, warm-up included; counted where requests meet',
  ],
  pods_started: [
    'integer',
    'pods',
    'pods that started, warm-up included, and the drain where kubelets meet at API servers',
  ],
  pod_start_mean_s: [
    'number',
    's',
    'from when their kubelet learned of them until they ran, mean; images are not pulled',
  ],
  pod_start_max_s: ['number', s, 'from when its kubelet learned of it until it ran, slowest pod'],
  kms_calls: ['integer', 'calls', 'calls of the key management service, warm-up included'],
  requests_in_flight_at_end: ['integer', 'requests', 'requests not answered at the end of the simulation'],
  apiserver_memory_bytes: [
    'number',
    'bytes',
    'memory of all API servers for this traffic alone, estimate from the cost table',
  ],
  node_secret_bytes_mean: ['number', 'bytes', 'secrets held in tmpfs per node, mean'],
  nodes_per_secret_mean: ['number', 'nodes', 'nodes on which one secret can be read, mean'],
  apiserver_memory_max_per_server_bytes: [
    'number',
    'bytes',
    'most memory that one API server needs at one time: its watch caches and open watches, estimate from the cost table',
  ],
  apiserver_memory_peak_server: ['integer', '', 'number of the API server that needs the most memory, from 1'],
  apiserver_memory_peak_at_s: [
    'number',
    s,
    'from when on it needs the most memory, from the start of the measured time',
  ],
  apiserver_cpu_max_per_server_cores: [
    'number',
    'cores',
    'CPU of one API server for this traffic alone in its busiest second, estimate from the cost table',
  ],
  apiserver_cpu_peak_server: ['integer', '', 'number of the API server with the busiest second, from 1'],
  apiserver_cpu_peak_at_s: ['number', s, 'when the busiest second begins, from the start of the measured time'],
  apiserver_oom_kills: [
    'integer',
    'kills',
    'API servers killed in the measured time because they needed more than apiServer.memory (outOfMemory: crash)',
  ],
  apiserver_oom_first_server: ['integer', '', 'number of the API server that was killed first, from 1'],
  apiserver_oom_first_at_s: [
    'number',
    s,
    'when the first API server was killed for its memory, from the start of the measured time',
  ],
  apiservers_serving_min: ['integer', 'servers', 'API servers that serve, fewest at one time'],
};

/** The column of a metric. */
export function metricColumn(name: Metric): Column {
  if (isOfOperators(name)) return operatorColumn(name);
  if (isExceedance(name)) return { name, type: 'number', unit: 'share', meaning: exceedanceMeaning(name) };
  const [type, unit, meaning] = DICTIONARY[name];
  return { name, type, unit, meaning };
}

/** The unit of a metric, such as `s` or `requests/s`. */
export function metricUnit(name: Metric): string {
  return metricColumn(name).unit;
}

function exceedanceMeaning(name: ExceedanceMetric): string {
  const threshold = /_over_(\d+)(m?s)_/.exec(name)?.slice(1).join(' ') ?? '';
  const interval = 'in summary.csv its interval counts replications as the independent trials';
  return name.startsWith('delay')
    ? `projections later than ${threshold} after the commit, of those that happened or are pending for longer; ${interval}`
    : `updates with a due pod later than ${threshold} after the commit; ${interval}`;
}
