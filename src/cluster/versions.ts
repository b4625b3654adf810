/** The releases that can be simulated, oldest first (latest patch of each minor). */
export const RELEASES = [
  '1.20',
  '1.21',
  '1.22',
  '1.23',
  '1.24',
  '1.25',
  '1.26',
  '1.27',
  '1.28',
  '1.29',
  '1.30',
  '1.31',
  '1.32',
  '1.33',
  '1.34',
  '1.35',
  '1.36',
] as const;
export type Release = (typeof RELEASES)[number];

/** Version switches: behaviours that changed between releases. Each can be overridden by name in `cluster.behaviours`. */
export interface Behaviours {
  /**
   * When the Cache strategy drops what it has cached of a pod's objects: at every pod ADD, UPDATE and
   * status echo (`podEvent`, kubelet ≤1.21: `pod_manager.go` updatePodsInternal), at every SyncPod
   * (`everySync`, 1.22–1.28 with backports: PR 107821, issue 120126), or only when the pod is new
   * (`firstReference`, ≥1.29: PR 120255).
   */
  readonly cacheInvalidation: 'podEvent' | 'everySync' | 'firstReference';
  /** Watches of objects that nobody read for max(1 min, 5 × syncFrequency) are stopped. Kubelet ≥1.21: PR 99393. */
  readonly idleStop: boolean;
  /** A reflector is stopped at the first Get that finds its object immutable. Kubelet ≥1.19: KEP-1412. */
  readonly immutableStop: boolean;
  /** Seconds; a WATCH asks for minWatchTimeout × U[1,2). Kubelet ≤1.30: 300 (client-go reflector.go); ≥1.31: 1800 (PR 124245). */
  readonly minWatchTimeout: number;
  /**
   * First read of a reflector: LIST at resourceVersion=0, then WATCH; or one WATCH that streams the
   * initial state (`watchList`, KEP-3157: client ≥1.35, server 1.32 or ≥1.34).
   */
  readonly initialSync: 'list' | 'watchList';
  /** HTTP/2 streams per connection. Server ≤1.24: 250; later: 100 (PR 121120, in 1.29 and the last patches of 1.25–1.28). */
  readonly http2MaxStreams: number;
  /**
   * The watch cache's version follows etcd's progress notifications, so that bookmarks flow although
   * the resource is not written. Server ≥1.21 (EfficientWatchResumption, KEP-1904); before, a bookmark
   * needs a write of the resource since the watch began (`cacher.go` dispatchEvents, cacheWatcher.process).
   */
  readonly efficientWatchResumption: boolean;
  /**
   * How a server limits concurrency: `maxInflight` (the default up to 1.19), or priority levels with seats
   * and queues (`priorityAndFairness`, on by default from 1.20: KEP-1040).
   */
  readonly flowControl: 'maxInflight' | 'priorityAndFairness';
  /** What a WATCH occupies: nothing (`exempt`, server 1.20), or a seat until it is initialised (≥1.21). */
  readonly watchSeats: 'exempt' | 'initialization';
  /** Leases and node status have a level of their own, `node-high`. Server ≥1.22: PR 101151. */
  readonly nodeHighLevel: boolean;
  /** Priority levels borrow idle seats from each other. Server ≥1.26: KEP-1040. */
  readonly borrowing: boolean;
  /** Retry-After of a rejected request: always 1 s, or adapted to the rejections of its level (server ≥1.28). */
  readonly retryAfter: 'constant' | 'adaptive';
  /** Seats of a LIST by the bytes that it reads (server ≥1.34: PR 133034) instead of by its objects. */
  readonly listSeatsBySize: boolean;
  /** A write of an object with many watchers occupies more seats, and some time longer. Server ≥1.23. */
  readonly writeSeatsByWatchers: boolean;
  /** What a WATCH or a LIST finds while the watch cache fills: it waits (server ≤1.30), or 429 (≥1.31). */
  readonly cacheNotReady: 'block' | 'tooManyRequests';
  /** What a reflector does when its WATCH is answered 429: LIST (kubelet 1.20), or WATCH again after a back-off. */
  readonly watchRejected: 'relist' | 'rewatch';
  /** A new watch with initial events costs CPU for every object of the resource (server ≤1.30), or for its own (`key`). */
  readonly watchInit: 'scan' | 'key';
  /** Kubelets' clients wait for a free stream instead of opening a connection (built with Go <1.12). Never, but as a what-if. */
  readonly streamsBlock: boolean;
  /** What every pod mounts: its token Secret (kubelet ≤1.20) or a projected token with kube-root-ca.crt (≥1.21). */
  readonly serviceAccountMaterial: 'tokenSecret' | 'rootCAConfigMap';
}

/** Position of a release, for comparisons. Throws a RangeError for an unknown one. */
function ordinal(release: string): number {
  const index = RELEASES.indexOf(release as Release);
  if (index < 0) throw new RangeError(`unknown Kubernetes release ${release}`);
  return index;
}

/** True where `release` is `from` or later. */
export function atLeast(release: string, from: Release): boolean {
  return ordinal(release) >= ordinal(from);
}

/**
 * The switches of a cluster whose API servers run `server` and whose kubelets run `kubelet`.
 * Throws a RangeError for an unknown release.
 */
export function behavioursOf(server: string, kubelet: string): Behaviours {
  const serverWatchList = server === '1.32' || atLeast(server, '1.34');
  return {
    cacheInvalidation: atLeast(kubelet, '1.29')
      ? 'firstReference'
      : atLeast(kubelet, '1.22')
        ? 'everySync'
        : 'podEvent',
    idleStop: atLeast(kubelet, '1.21'),
    immutableStop: true,
    minWatchTimeout: atLeast(kubelet, '1.31') ? 1800 : 300,
    initialSync: atLeast(kubelet, '1.35') && serverWatchList ? 'watchList' : 'list',
    http2MaxStreams: atLeast(server, '1.25') ? 100 : 250,
    efficientWatchResumption: atLeast(server, '1.21'),
    flowControl: 'priorityAndFairness',
    watchSeats: atLeast(server, '1.21') ? 'initialization' : 'exempt',
    nodeHighLevel: atLeast(server, '1.22'),
    borrowing: atLeast(server, '1.26'),
    retryAfter: atLeast(server, '1.28') ? 'adaptive' : 'constant',
    listSeatsBySize: atLeast(server, '1.34'),
    writeSeatsByWatchers: atLeast(server, '1.23'),
    cacheNotReady: atLeast(server, '1.31') ? 'tooManyRequests' : 'block',
    watchRejected: atLeast(kubelet, '1.21') ? 'rewatch' : 'relist',
    watchInit: atLeast(server, '1.31') ? 'key' : 'scan',
    streamsBlock: false,
    serviceAccountMaterial: atLeast(kubelet, '1.21') && atLeast(server, '1.21') ? 'rootCAConfigMap' : 'tokenSecret',
  };
}

/** Default `kubeAPIQPS` and `kubeAPIBurst` of a kubelet: 5/10 up to 1.26, 50/100 from 1.27 (PR 116121). */
export function kubeletClientLimits(kubelet: string): { readonly qps: number; readonly burst: number } {
  return atLeast(kubelet, '1.27') ? { qps: 50, burst: 100 } : { qps: 5, burst: 10 };
}
