import type { Bound } from './bound.js';
import type { ConsumptionMode } from './kinds.js';
import type { GroupDelays } from './group-delays.js';
import type { OperatorMetric } from './operator-metrics.js';

/** The metric columns of `runs.csv`, in order. Null stands for a missing value (an empty cell). */
export const METRICS = [
  'updates',
  'updates_rejected',
  'due',
  'projections',
  'replaced',
  'never_projected',
  'pending_at_end',
  'gone',
  'delay_mean_s',
  'delay_p50_s',
  'delay_p90_s',
  'delay_p99_s',
  'delay_p999_s',
  'delay_max_s',
  'write_mean_s',
  'cache_delay_mean_s',
  'sync_wait_mean_s',
  'refresh_mean_s',
  'last_pod_mean_s',
  'last_pod_max_s',
  'last_pod_bound_s',
  'stale_pod_seconds',
  'started_stale',
  'get_per_s',
  'list_per_s',
  'watch_per_s',
  'write_per_s',
  'quorum_reads_per_s',
  'requests_max_per_s',
  'watches_open_mean',
  'watches_open_max',
  'watches_open_max_per_server',
  'watch_events_per_s',
  'bookmarks_per_s',
  'bytes_sent_per_s',
  'queued_max',
  'rejected_429',
  'mount_failures',
  'apiserver_cpu_cores',
  'apiserver_memory_bytes',
  'node_secret_bytes_mean',
  'nodes_per_secret_mean',
  'kubelet_connections',
  'requests_refused',
  'requests_lost',
  'gone_410',
  'watches_terminated',
  'watches_lost',
  'watch_recovery_p50_s',
  'watch_recovery_p90_s',
  'watch_recovery_max_s',
  'apiserver_utilization_max',
  'requests_in_flight_at_end',
  'kms_calls',
  'token_requests',
  'pods_started',
  'pod_start_mean_s',
  'pod_start_max_s',
  'apiserver_memory_max_per_server_bytes',
  'apiserver_memory_peak_server',
  'apiserver_memory_peak_at_s',
  'apiserver_cpu_max_per_server_cores',
  'apiserver_cpu_peak_server',
  'apiserver_cpu_peak_at_s',
  'apiserver_oom_kills',
  'apiserver_oom_first_server',
  'apiserver_oom_first_at_s',
  'apiservers_serving_min',
] as const;
export type MetricName = (typeof METRICS)[number];

/** A metric of the thresholds that an experiment asks for (`output.exceedances`). */
export type ExceedanceMetric = `delay_over_${string}_share` | `last_pod_over_${string}_share`;

/** Any metric column of `runs.csv`. */
export type Metric = MetricName | OperatorMetric | ExceedanceMetric;
export type RunMetrics = Readonly<Record<Metric, number | null>>;

/** One committed update (`updates.csv`). Times in seconds; null where it did not happen or cannot be told. */
export interface UpdateRecord {
  /** Running number within the run, from 1, in order of commit. */
  readonly update: number;
  readonly action: 'update' | 'recreate' | 'replace';
  /** `Secret` or `ConfigMap`. */
  readonly kind: string;
  /** `namespace/name`. */
  readonly object: string;
  readonly objectClass: string;
  /** resourceVersion-like number of the object after this update, from 2. */
  readonly version: number;
  readonly sentAtS: number;
  readonly committedAtS: number;
  readonly acknowledgedAtS: number;
  readonly due: number;
  readonly reached: number;
  /** Of those reached: by a new pod in the place of theirs. */
  readonly replaced: number;
  readonly neverSubPath: number;
  readonly neverEnv: number;
  readonly neverImmutable: number;
  readonly neverDeleted: number;
  /** In lone pods, of an update by a new name; absent where there are none. */
  readonly neverLone?: number;
  readonly gone: number;
  readonly pending: number;
  /** Consumers reached within 10, 30, 60 and 90 s of the commit. */
  readonly reachedAfter10s: number;
  readonly reachedAfter30s: number;
  readonly reachedAfter60s: number;
  readonly reachedAfter90s: number;
  /** Consumers reached later than each threshold of `exceedancesUs` after the commit; absent without thresholds. */
  readonly late?: readonly number[];
  /** Time from commit until that share of the updatable consumers is reached. */
  readonly timeTo50S: number | null;
  readonly timeTo90S: number | null;
  readonly timeTo99S: number | null;
  readonly timeTo999S: number | null;
  readonly timeTo100S: number | null;
  /** Time from commit within which every updatable consumer is reached, whatever the chance; null: no closed form. */
  readonly boundS: number | null;
  /**
   * From the change at the source until the last application works with it; null while a pod is pending, absent
   * without a pipeline.
   */
  readonly pipelineS?: number | null;
  /** How long the pods of one deployment disagreed, over the deployments with at least two due pods. */
  readonly mixedVersionMeanS: number | null;
  readonly mixedVersionMaxS: number | null;
}

/** The quantile levels of `delays.csv`. */
export const DELAY_QUANTILES = [0, 0.01, 0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95, 0.99, 0.999, 1] as const;

/** Levels between them, at which only the delay is told: a line through all of them has no kinks of its own. */
export const BETWEEN_QUANTILES = [
  ...[0.025, 0.15, 0.2, 0.3, 0.35, 0.4, 0.45],
  ...[0.55, 0.6, 0.65, 0.7, 0.8, 0.85, 0.925, 0.975, 0.995],
] as const;

/** The delays of one object class and consumption mode in one run. */
export interface DelayGroup {
  readonly objectClass: string;
  readonly as: ConsumptionMode;
  readonly projections: number;
  readonly meanS: number;
  /** Delay at each of DELAY_QUANTILES, seconds. */
  readonly quantilesS: readonly number[];
  /** Delay at each of BETWEEN_QUANTILES, seconds. */
  readonly betweenS: readonly number[];
  /**
   * Mean stages in seconds of the projections between the previous quantile (exclusive) and this one
   * (inclusive), one triple [cache delay, sync wait, refresh] per quantile; null where there is none.
   */
  readonly stagesS: readonly (readonly [number, number, number] | null)[];
}

/** Columns of `load.csv` after run_id, server, and the bin's start: one number per row and column. */
export interface LoadTable {
  /** Column names, units in them. */
  readonly columns: readonly string[];
  /** Bins of one server. */
  readonly bins: number;
  readonly binS: number;
  readonly servers: number;
  /** Row-major: server, bin, column; NaN is a missing value. */
  readonly values: Float64Array;
}

/** Each API server second by second around the stops of API servers (`restarts.csv`). */
export interface RestartSeconds {
  readonly servers: number;
  /** Starts of the seconds, from the start of the measured time. */
  readonly seconds: Uint32Array;
  /** Row-major: server, second, then requests, open watches (mean), memory (most, bytes) and CPU (cores). */
  readonly values: Float64Array;
}

/** Rows of `samples.csv`, without run_id. Parallel arrays; times in seconds. */
export interface SampleTable {
  readonly update: Int32Array;
  readonly object: readonly string[];
  readonly version: Int32Array;
  readonly node: readonly string[];
  readonly pod: readonly string[];
  /** `Deployment payments/web` */
  readonly owner: readonly string[];
  readonly as: readonly ConsumptionMode[];
  /** Microseconds since the start of the measured period: exact, so that the stages sum to the delay to the last digit. */
  readonly writtenAtUs: Float64Array;
  readonly projectedAtUs: Float64Array;
  readonly cacheDelayUs: Float64Array;
  readonly syncWaitUs: Float64Array;
  readonly refreshUs: Float64Array;
}

/** Consumers that were due for updates and cannot see them, by reason, over all updates of a run. */
export interface NeverCounts {
  readonly subPath: number;
  readonly env: number;
  readonly immutable: number;
  readonly deleted: number;
  /** Absent where there are none. */
  readonly lone?: number;
}

/** A server's stop, and how the watches came back that it had open. Times from the stop; null: not yet. */
export interface Storm {
  readonly server: number;
  /** When the server stopped, from the start of the measured period. */
  readonly atS: number;
  readonly watchesLost: number;
  readonly watchesBack: number;
  readonly backAfter50S: number | null;
  readonly backAfter90S: number | null;
  readonly backAfter99S: number | null;
  readonly backAfter100S: number | null;
}

/** Counts of requests in equal bins from the start of the measured time. */
export interface ReadSeries {
  readonly binS: number;
  readonly counts: readonly number[];
}

/** How long the rotations of a run took: the updates that any pod can see, in order, s; Infinity while one is pending. */
export interface RotationTimes {
  /** From the commit to the new files in the last pod. */
  readonly kubeletS: Float64Array;
  /** From the change at the source until the last application works with it; null where there is no pipeline. */
  readonly pipelineS: Float64Array | null;
}

/** What one run (one scenario, one replication) measured, but for its large tables. */
export interface RunSummary {
  readonly metrics: RunMetrics;
  readonly delays: readonly DelayGroup[];
  readonly never: NeverCounts;
  /** Columns of the run's load table. */
  readonly loadColumns: readonly string[];
  /** True where the run has samples. */
  readonly sampled: boolean;
  /** Hash over the run's effects, 16 hexadecimal digits; the same lazy or eager. */
  readonly fingerprint: string;
  /** Stops of API servers, in order. */
  readonly storms: readonly Storm[];
  /** GETs, LISTs and WATCHes before the timeline changes the cluster; null where that is too short to tell whether they are steady. */
  readonly reads: ReadSeries | null;
  /** All requests over the measured time. */
  readonly requests: ReadSeries;
  /** null where requests never meet (`capacity: unlimited`, no restarts): all are answered at once. */
  readonly traffic: Traffic | null;
  readonly rotations: RotationTimes;
  /** What holds for every update that pods can see, or why there is no such bound; null where there is none. */
  readonly bound: Bound | null;
  /** Absent where they were not asked for. */
  readonly groups?: readonly GroupDelays[];
  /** What the reader of the result has to know, one sentence each. */
  readonly warnings: readonly string[];
  /** How the run was computed: differs between engine modes, so it is kept out of the result proper. */
  readonly execution: { readonly events: number; readonly draws: number };
}

/**
 * Where the requests and watches of a run stand at its end, warm-up and drain included. Every request sent
 * is answered, refused, lost or in flight; every watch opened is closed or open.
 */
export interface Traffic {
  /** Attempts: a request that is sent again counts again. */
  readonly sent: number;
  readonly answered: number;
  readonly refused: number;
  readonly lost: number;
  readonly inFlight: number;
  readonly watchesOpened: number;
  readonly watchesClosed: number;
  readonly watchesOpen: number;
}

/** The tables of a run: a sweep over many updates has too many of them to keep all in memory. */
export interface RunTables {
  readonly updates: readonly UpdateRecord[];
  readonly load: LoadTable;
  readonly samples: SampleTable | null;
  /** Absent where no server stops. */
  readonly restarts?: RestartSeconds | undefined;
}

/** Everything that one run measured. Plain data: it is sent between threads and stored. */
export type RunRecord = RunSummary & RunTables;
