import { choice, flag, quantity } from './switch.js';

/** What changed in the API servers (`apiserver`). */
export const KUBE_APISERVER_SWITCHES = {
  http2MaxStreams: quantity({
    of: 'server',
    says: 'HTTP/2 streams per connection',
    unit: 'streams',
    min: 1,
    max: 100_000,
    by: [
      ['1.20', 250],
      ['1.25', 100],
    ],
    effect: 'More connections for nodes with many watches.',
    source: 'secure_serving.go, PR 121120 (1.29 and the last patches of 1.25 to 1.28)',
  }),
  efficientWatchResumption: flag({
    of: 'server',
    says: 'Bookmarks',
    on: 'tell of etcd’s progress although the resource is not written',
    off: 'need a write of the resource since the watch began',
    by: [
      ['1.20', false],
      ['1.21', true],
    ],
    effect: 'Watch, restarts: fewer watches are answered 410 and have to LIST.',
    source: 'KEP-1904, cacher.go dispatchEvents',
  }),
  certificateReload: choice({
    of: 'server',
    says: 'How a server learns that its certificate files have changed',
    values: { polls: 'it reads them each minute', inotify: 'the kernel tells it' },
    by: [
      ['1.20', 'polls'],
      ['1.23', 'inotify'],
    ],
    effect:
      'Crashes: the kernel takes some 50 ms longer to end a killed process, and accepts and then resets whoever dials it in that time.',
    source: 'dynamiccertificates: dynamic_cafile_content.go, dynamic_serving_content.go (v0.23.0)',
  }),
  flowControl: choice({
    of: 'server',
    says: 'How a server limits concurrency',
    values: {
      maxInflight: 'a number of requests in flight (the default up to 1.19)',
      priorityAndFairness: 'priority levels with seats and queues',
    },
    by: [['1.20', 'priorityAndFairness']],
    effect: 'Storms: nodes’ requests wait in queues of their own instead of being rejected.',
    source: 'KEP-1040',
  }),
  watchSeats: choice({
    of: 'server',
    says: 'What a WATCH occupies',
    values: { exempt: 'nothing', initialization: 'a seat until it is initialized' },
    by: [
      ['1.20', 'exempt'],
      ['1.22', 'initialization'],
    ],
    effect: 'Storms: watches come back in an order, and may be rejected.',
    source: 'server/filters/priority-and-fairness.go (v0.22.0)',
  }),
  nodeHighLevel: flag({
    of: 'server',
    says: 'Leases and node status',
    on: 'have a priority level of their own, node-high',
    off: 'share the level of the nodes’ other requests',
    by: [
      ['1.20', false],
      ['1.22', true],
    ],
    effect: 'Storms: a level less to share with heartbeats.',
    source: 'PR 101151',
  }),
  borrowing: flag({
    of: 'server',
    says: 'Priority levels',
    on: 'borrow idle seats from each other',
    off: 'keep to their share',
    by: [
      ['1.20', false],
      ['1.26', true],
    ],
    effect: 'Storms: the nodes’ level has up to five times the seats.',
    source: 'KEP-1040, apf_controller.go',
  }),
  retryAfter: choice({
    of: 'server',
    says: 'Retry-After of a 429',
    values: { constant: '1 s', adaptive: '1 to 32 s, by the rejections of its level' },
    by: [
      ['1.20', 'constant'],
      ['1.28', 'adaptive'],
    ],
    effect: 'Overload: rejected clients come back later and less often.',
    source: 'dropped_requests_tracker.go',
  }),
  listSeatsByObjects: flag({
    of: 'server',
    says: 'A LIST occupies',
    on: 'a seat per 100 objects',
    off: 'one seat',
    by: [
      ['1.20', false],
      ['1.23', true],
    ],
    effect: 'None for kubelets, whose LISTs read one object.',
    source: 'request/width.go (v0.22), request/list_work_estimator.go (v0.23)',
  }),
  listSeatsBySize: flag({
    of: 'server',
    says: 'A LIST occupies',
    on: 'a seat per 100 kB',
    off: 'seats whatever its bytes',
    by: [
      ['1.20', false],
      ['1.34', true],
    ],
    effect: 'None for kubelets, but for Secrets of more than 100 kB.',
    source: 'request/list_work_estimator.go, PR 133034',
  }),
  writeSeatsByWatchers: flag({
    of: 'server',
    says: 'A write of an object with many watchers',
    on: 'occupies more seats, and some time longer',
    off: 'occupies one seat',
    by: [
      ['1.20', false],
      ['1.24', true],
    ],
    effect: 'Mass rotations of objects with thousands of watchers are slowed down under load.',
    source: 'request/mutating_work_estimator.go (v0.24.0)',
  }),
  watchInit: choice({
    of: 'server',
    says: 'A WATCH with initial events',
    values: { scan: 'reads all objects of the resource', key: 'reads its own key' },
    by: [
      ['1.20', 'scan'],
      ['1.31', 'key'],
    ],
    effect: 'WatchList costs no more CPU than a LIST.',
    source: 'storage/cacher/cacher.go',
  }),
  cacheNotReady: choice({
    of: 'server',
    says: 'What a WATCH or LIST finds while the watch cache is filled',
    values: { block: 'it waits', tooManyRequests: '429 with Retry-After, whatever the options of a WATCH' },
    by: [
      ['1.20', 'block'],
      ['1.31', 'tooManyRequests'],
    ],
    effect: 'Restarts: rejections instead of requests that pile up; watches are back later by their Retry-After.',
    source: 'cacher.go Watch, gate ResilientWatchCacheInitialization',
  }),
  unreadyRetryAfter: choice({
    of: 'server',
    says: 'Retry-After while a watch cache is filled',
    values: { constant: '1 s', growing: 'e^(0.06 × seconds), 1 to 30 s' },
    by: [
      ['1.20', 'constant'],
      ['1.33', 'growing'],
    ],
    effect: 'Restarts with slow fills (KMS v1): fewer rejections; watches come back up to 30 s after the fill.',
    source: 'cacher.go calculateRetryAfterForUnreadyCache (v0.33.0)',
  }),
  progressOnDemand: flag({
    of: 'server',
    says: 'A read at a version that the watch cache has not reached',
    on: 'has etcd asked each 100 ms how far it is',
    off: 'waits for the next event, or for the notification that etcd sends each 5 s; after 3 s it is answered 504',
    by: [
      ['1.20', false],
      ['1.31', true],
    ],
    effect: 'LISTs of reflectors that another server has told more are answered at once, but for events that are late.',
    source:
      'cacher/watch_cache.go waitingUntilFresh, cacher/watch_progress.go, gate ConsistentListFromCache (KEP-2340)',
  }),
  sizeEstimates: flag({
    of: 'server',
    says: 'To estimate what a LIST costs, a server',
    on: 'counts the keys of its watch cache each 60 to 132 s, and has etcd asked how far it is for that',
    off: 'has etcd count them',
    by: [
      ['1.20', false],
      ['1.34', true],
    ],
    effect:
      'Bookmarks tell of the last write some time after it even where etcd sends no notifications of its progress.',
    source: 'etcd3/stats.go, cacher.go getKeys, gate SizeBasedListCostEstimate (KEP-5073)',
  }),
  concurrentDecode: flag({
    of: 'server',
    says: 'While a watch cache is filled, objects are decoded and decrypted',
    on: 'ten at a time',
    off: 'one after another',
    by: [
      ['1.20', false],
      ['1.37', true],
    ],
    effect: 'Restarts: caches are filled in 0.6 of the time, with KMS v1 in a tenth.',
    source: 'etcd3/watcher.go, gate ConcurrentWatchObjectDecode (KEP-6178), PR 139619',
  }),
  etcdRangeStream: flag({
    of: 'server',
    says: 'A watch cache reads the objects from etcd',
    on: 'as one stream (etcd ≥3.7, the default of 1.37)',
    off: 'page by page',
    by: [
      ['1.20', false],
      ['1.37', true],
    ],
    effect: 'Restarts: caches are filled in 0.8 of the time.',
    source: 'gate EtcdRangeStream (KEP-5966), PR 136915, PR 139619, PR 140085',
  }),
  readyWaitsForCaches: flag({
    of: 'server',
    says: 'A server that starts is ready',
    on: 'when every watch cache is filled, after 1 min at the latest, and its own informer has all Secrets',
    off: 'when its own informer has all Secrets, although other watch caches may still be being filled',
    by: [
      ['1.20', false],
      ['1.36', true],
    ],
    lockedFrom: '1.37',
    effect: 'Restarts behind a load balancer: no 429 for ConfigMaps whose cache is being filled.',
    source: 'server/storage_readiness_hook.go, gate WatchCacheInitializationPostStartHook',
  }),
  encryptionConfigPoll: quantity({
    of: 'server',
    says: 'A new encryption configuration is noticed (--encryption-provider-config-automatic-reload, ≥1.26) within',
    unit: 's',
    min: 0,
    max: 3600,
    by: [
      ['1.20', 0],
      ['1.29', 60],
    ],
    effect: 'Rotations of the encryption key without restarts: each round takes a minute.',
    source: 'encryptionconfig/controller/controller.go EncryptionConfigFileChangePollDuration; before, fsnotify',
  }),
} as const;
