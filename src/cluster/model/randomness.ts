import { RandomStream } from '../../sim/random.js';

/** Every purpose for which the model draws a random number. Each has a stream of its own, per replication. */
const PURPOSES = [
  'tickerPhase', // phase of a kubelet's 1 s ticker
  'residual', // where in its sync interval a pod stands when the simulation starts
  'resync', // jitter of the interval to a pod's next sync
  'refresh', // waits for the populator and the reconciler
  'connection', // the API server that a kubelet is connected to
  'authorizer', // lag of the node authorizer's graph behind the kubelet's pod watch
  'connectionLoss', // how soon a client notices that its connection is gone
  'closing', // in which order a kernel closes the connections of a process that was killed
  'kms', // calls of the key management service
  'token', // age, jitter and latencies of service-account tokens
  'goaway', // connections that a server sends away
  'cacheAge', // age of a cached object when the simulation starts
  'watchResidual', // remaining life of a watch when the simulation starts
  'watchTimeout', // life of a watch
  'progress', // interval and phase of the progress notifications that etcd sends
  'bookmark', // the timer by which a watch cache sends bookmarks
  'sizeEstimate', // when a server counts the keys of a resource
  'etcdWatch', // commit to arrival in the watch cache of an API server
  'dispatch', // watch cache to kubelet
  'get', // service and network latency of a GET
  'list', // service and network latency of a LIST or of a WATCH that opens
  'watchOpen', // service and network latency of a WATCH at a set resourceVersion
  'backOff', // jitter of a client's waits after errors
  'write', // latency of a write
  'followingWrite', // latency of the second of two writes of an object that one occurrence sends
  'timeline', // jitter, order and choices of the timeline
  'podStatus', // service and network latency of the requests of a kubelet's status manager
  'podStart', // phase of a kubelet's PLEG relist, back-off jitter after errors
  'idleSweep', // phase of the sweep for idle watches
  'controllers', // latency from a controller's request to the kubelet, by pod
  'podGarbage', // phase of the pod garbage collector
  'nodeStatus', // phase of a kubelet's status reports
  'sourcePoll', // how long a change at the source waits for the poll that finds it
  'reload', // how long new files wait for the application that polls them
  'certificate', // age, jitter and latencies of pods' certificates
  'clusterWatcher', // which server a controller connects to, and when it notices that it is gone
  'watchDrain', // in which order a server that ends tells its watches
  'encryptionConfig', // when in a minute a server looks at its encryption configuration
  'operators', // phases of operators, and the servers that they connect to
  'operatorTimes', // jitter of the times at which an operator looks at an object
  'externalStore', // latency of the store outside of the cluster, and waits of its clients
  'registry', // latency of a registry
] as const;
export type Purpose = (typeof PURPOSES)[number];

/** The random streams of one replication. */
export type Randomness = Readonly<Record<Purpose, RandomStream>>;

/** Streams of a replication: the same in every scenario, so that scenarios meet the same chance. */
export function randomnessOf(seed: string, replication: number): Randomness {
  const streams = PURPOSES.map((purpose) => [purpose, RandomStream.fromSeed(seed, replication, purpose)] as const);
  return Object.fromEntries(streams) as Record<Purpose, RandomStream>;
}
