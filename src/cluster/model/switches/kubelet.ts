import { choice, flag, quantity } from './switch.js';

/** What changed in the kubelet (`pkg/kubelet`). */
export const KUBELET_SWITCHES = {
  cacheInvalidation: choice({
    of: 'kubelet',
    says: 'When the Cache strategy drops what it holds of a pod’s objects',
    values: {
      podEvent: 'at every pod ADD, UPDATE and status echo',
      everySync: 'at every sync, so that each one reads from etcd and the TTL does not matter',
      firstReference: 'only when the pod is new, so that an object is read again after its TTL',
    },
    by: [
      ['1.20', 'podEvent'],
      ['1.22', 'everySync'],
      ['1.29', 'firstReference'],
    ],
    effect:
      'Cache: every sync read the object anew from 1.22 to 1.28 (last pod as under Watch, quorum GETs in return); before and after, the TTL is waited for first (last pod up to TTL + 90 s, far fewer GETs).',
    source: 'pod_manager.go updatePodsInternal; PR 107821 and back-ports, issue 120126; PR 120255',
  }),
  idleStop: flag({
    of: 'kubelet',
    says: 'Watches of objects that nobody reads',
    on: 'are stopped after max(1 min, 5 × syncFrequency)',
    off: 'stay',
    by: [
      ['1.20', false],
      ['1.21', true],
    ],
    effect: 'Watch: objects that are used by environments only hold no watch after 5 to 6 min.',
    source: 'watch_based_manager.go, PR 99393',
  }),
  immutableStop: flag({
    of: 'kubelet',
    says: 'Watches of immutable objects',
    on: 'are stopped at the first read that finds the object immutable',
    off: 'stay',
    by: [['1.20', true]],
    effect: 'Watch: immutable objects cost no watch; recreated under their name, they stay outdated on a node.',
    source: 'watch_based_manager.go Get, KEP-1412 (≥1.19)',
  }),
  minWatchTimeout: quantity({
    of: 'kubelet',
    says: 'A WATCH ends after U[1, 2) times this',
    unit: 's',
    min: 1,
    max: 86_400,
    by: [
      ['1.20', 300],
      ['1.31', 1800],
    ],
    effect: 'Watch: a sixth of the WATCH requests.',
    source: 'client-go reflector.go minWatchTimeout; kubelet PR 124245',
  }),
  pendingUpdate: choice({
    of: 'kubelet',
    says: 'Updates of a pod that come while its worker has not begun the one before',
    values: {
      queued: 'wait behind it: a sync each',
      replaced: 'take its place: one sync for all',
    },
    by: [
      ['1.20', 'queued'],
      ['1.27', 'replaced'],
    ],
    effect:
      'A pod that starts reads its volumes once less, for the events of its sandbox and its container come together: under Get two GETs of each object instead of three.',
    source: 'pod_workers.go UpdatePod, pendingUpdate in place of lastUndeliveredWorkUpdate (1.27)',
  }),
  plegOnDemandRelist: flag({
    of: 'kubelet',
    says: 'The PLEG looks at containers',
    on: 'also right after a sync that did something',
    off: 'once a second',
    by: [
      ['1.20', false],
      ['1.36', true],
    ],
    lockedFrom: '1.37',
    effect: 'Pods are seen to run up to 1 s sooner: rollouts and replacements by a new name gain that for each batch.',
    source: 'pleg/generic.go RequestRelist, gate PLEGOnDemandRelist, PR 137362',
  }),
  serviceAccountMaterial: choice({
    of: 'both',
    says: 'What every pod mounts for its service account',
    values: {
      tokenSecret: 'a Secret with a token that does not expire',
      rootCAConfigMap: 'a token that is asked for, and the ConfigMap kube-root-ca.crt',
    },
    by: [
      ['1.20', 'tokenSecret'],
      ['1.21', 'rootCAConfigMap'],
    ],
    effect:
      'A ConfigMap and its watch per node and namespace instead of a Secret; one TokenRequest per pod and 48 min.',
    source: 'gate BoundServiceAccountTokenVolume',
  }),
} as const;

/** Defaults of KubeletConfiguration that changed. */
export const KUBELET_DEFAULTS = {
  kubeAPIQPS: quantity({
    of: 'kubelet',
    says: 'Requests per second that a kubelet’s client sends',
    unit: 'requests/s',
    min: 1,
    max: 1_000_000,
    by: [
      ['1.20', 5],
      ['1.27', 50],
    ],
    effect: 'Pods with many objects, and nodes that start, wait a tenth as long for their first reads.',
    source: 'kubelet config v1beta1/defaults.go, PR 116121',
  }),
  kubeAPIBurst: quantity({
    of: 'kubelet',
    says: 'Requests that a kubelet’s client sends at once',
    unit: 'requests',
    min: 1,
    max: 1_000_000,
    by: [
      ['1.20', 10],
      ['1.27', 100],
    ],
    effect: 'See kubeAPIQPS.',
    source: 'kubelet config v1beta1/defaults.go, PR 116121',
  }),
} as const;
