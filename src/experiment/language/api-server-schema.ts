import * as z from 'zod';
import type { BusyShares, CostTable } from '../../cluster/model/costs.js';
import { MEASURED_RELEASES, type MeasuredRelease } from '../../cluster/model/measured-costs.js';
import type { ServerStartup } from '../../cluster/model/model-input.js';
import { count, durationField, latencyField, memoryField, numberField, wholeNumberField } from './values/fields.js';

const MEASURED = 'Source: measured on kube-apiserver 1.20.2, a Secret of 1 KiB, one client';

const measured = (request: string, p50: string, p99: string) =>
  latencyField({ p50, p99, description: `${request}. ${MEASURED}.` }).prefault({});

/** CPU of a minute on one core: more than any request takes. */
const CPU_US_MAX = 60_000_000;
const MICROSECOND_NS = 1000;
/** The default of what follows from a release. */
const BY_RELEASE = 'by release';
const MEASURED_BY_RELEASE = `Measured: ${MEASURED_RELEASES.map(({ source }) => source).join(', ')}.`;

/** The values of a quantity in the releases that were measured, as a sentence. */
const byRelease = (value: (measured: MeasuredRelease) => number): string => {
  const values = MEASURED_RELEASES.map((each) => `${each.release}: ${value(each)}`).join(', ');
  return `By the release of the API servers: ${values}.`;
};

const microseconds = (value: (costs: CostTable) => number, description: string) =>
  numberField({ min: 0, max: CPU_US_MAX })
    .optional()
    .describe(`${description} ${byRelease(({ costs }) => value(costs) / MICROSECOND_NS)}`)
    .meta({ unit: 'µs', default: BY_RELEASE });

type Scalar = { [Name in keyof CostTable]: CostTable[Name] extends number ? Name : never }[keyof CostTable];
type Line = Exclude<keyof CostTable, Scalar | 'busyShare'>;

const cpu = (name: Scalar, description: string) => microseconds((costs) => costs[name], description);

const line = (name: Line, description: string) =>
  z
    .strictObject({
      at1KiB: microseconds((costs) => costs[name].at1KiB, 'With an object of 1 KiB.'),
      at64KiB: microseconds((costs) => costs[name].at64KiB, 'With one of 64 KiB.'),
    })
    .prefault({})
    .describe(description);

const cpuUs = z
  .strictObject({
    getFromCache: line('getFromCache', `GET answered from the watch cache. ${MEASURED_BY_RELEASE}`),
    getQuorum: line('getQuorum', `GET answered by etcd. ${MEASURED_BY_RELEASE}`),
    list: line('list', `LIST of one object from the watch cache. ${MEASURED_BY_RELEASE}`),
    write: line('write', `Write of one object. ${MEASURED_BY_RELEASE}`),
    watch: cpu(
      'watch',
      'WATCH at a set resourceVersion. Measured; at 1.20 about 1 ms per answered request of the storm.',
    ),
    watchScanPerObject: cpu(
      'watchScanPerObject',
      'Per object of the resource, where a WATCH scans them all. Measured.',
    ),
    watchList: line(
      'watchList',
      'WATCH that streams the initial state of one object, which asks etcd how far it is. Measured; at 1.20 put together.',
    ),
    watchGone: cpu(
      'watchGone',
      "WATCH answered 410, at least what a WATCH costs. Measured; at 1.20 derived from a storm's total.",
    ),
    watchGrowth: cpu(
      'watchGrowth',
      'What a watch costs more that is beyond the most its process has had: stacks and heap are new. Measured; at 1.20 not told apart.',
    ),
    event: line('event', 'Event to one watcher. Measured at 1 KiB; at 1.20 the slope is an assumption.'),
    filteredEvent: cpu('filteredEvent', 'Event to the watcher of a namesake, who filters it out. Assumption.'),
    bookmark: cpu('bookmark', 'Bookmark. Measured.'),
    rejected: cpu(
      'rejected',
      'Request answered 403 or 429. Measured with a GET that flow control rejects; at 1.20 an assumption.',
    ),
    tokenRequest: cpu('tokenRequest', 'POST of a TokenRequest. Assumption.'),
    connection: cpu(
      'connection',
      'New TLS connection, P-256 certificates. Measured; at 1.20 an assumption: the handshake alone.',
    ),
    nodeBackgroundPerSecond: cpu(
      'nodeBackground',
      'Leases, node status and the like of one node, each second. Assumption: as writes of 1 KiB.',
    ),
    decrypt: cpu('decrypt', 'Decryption of an object with a key at hand. Assumption.'),
    cacheFillPerObject: cpu('cacheFillPerObject', 'Reading an object into the watch cache at a start. Assumption.'),
  })
  .prefault({})
  .describe('CPU on the machine of the cost table; cpuScale converts it.');

const share = (name: keyof BusyShares, description: string) =>
  numberField({ min: 0, max: 1 })
    .optional()
    .describe(`${description} ${byRelease(({ costs }) => costs.busyShare[name])} Measured; 1 where it was not.`)
    .meta({ default: BY_RELEASE });

const busyShare = z
  .strictObject({
    fromMemory: share('fromMemory', 'Of a request answered from the watch cache, or refused.'),
    fromEtcd: share('fromEtcd', 'Of a read that etcd answers, or is asked about.'),
    connection: share('connection', 'Of a new TLS connection.'),
  })
  .prefault({})
  .describe('What something costs that finds no core idle, of its CPU in cpuUs: nothing has to be woken for it.');

const costs = z.strictObject({
  cpuUs,
  busyShare,
  watchMemoryBytes: numberField({ min: 0, max: 2 ** 30 })
    .optional()
    .describe(`Resident memory per open watch. Measured. ${byRelease((each) => each.costs.watchMemoryBytes)}`)
    .meta({ unit: 'bytes', default: BY_RELEASE }),
  cachedObjectMemoryRatio: numberField({ min: 0, max: 1000 })
    .optional()
    .describe(
      `Memory of an object in the watch cache per byte of its size. Source: issues 102259 and 142062. ${byRelease((each) => each.costs.cachedObjectMemoryRatio)}`,
    )
    .meta({ default: BY_RELEASE }),
});

const startupField = (value: (startup: ServerStartup) => number, example: string, description: string) =>
  durationField({
    max: '1h',
    example,
    description: `${description} ${byRelease(({ startup }) => value(startup) / 1000)} In ms.`,
  })
    .optional()
    .meta({ default: BY_RELEASE });

const startup = z.strictObject({
  listen: startupField(
    ({ listenUs }) => listenUs,
    '100ms',
    'From the start of the process until connections are accepted. Measured: at most 110 ms at 1.20.',
  ),
  wait: startupField(
    ({ waitUs }) => waitUs,
    '900ms',
    'Waits for etcd and disks on the way to serving. Measured: what is left of the time until it serves.',
  ),
  serveCpu: startupField(
    ({ serveCpuUs }) => serveCpuUs,
    '2600ms',
    'CPU until requests are served. Measured: at 1.34 and 1.37; at 1.20 CPU until ready, the split from two restarts.',
  ),
  readyCpu: startupField(
    ({ readyCpuUs }) => readyCpuUs,
    '1400ms',
    'CPU of the post-start hooks, after that and until ready. Measured with serveCpu.',
  ),
});

const encryption = z.strictObject({
  provider: z
    .enum(['none', 'local', 'kmsV1', 'kmsV2'])
    .default('none')
    .describe('Provider of the keys under which Secrets are stored. Source: kube-apiserver default.'),
  kmsCall: latencyField({
    p50: '5ms',
    p99: '20ms',
    description: 'One call of the key management service. Assumption.',
  }).prefault({}),
  cacheSize: count(
    'Data encryption keys that a server keeps: cachesize of KMS v1. Source: EncryptionConfiguration.',
    10_000_000,
  ).default(1000),
});

const CORES_MAX = 1024;

/** `spec.apiServer` */
export const apiServerSchema = z.strictObject({
  capacity: z
    .union([z.literal('unlimited'), numberField({ min: 0.01, max: CORES_MAX, why: 'cores of one server' })])
    .default('unlimited')
    .describe(
      'Cores of one server, which its requests share under flow control; unlimited: requests never queue. Assumption.',
    )
    .meta({ unit: 'cores' }),
  cores: z
    .union([z.literal('unlimited'), numberField({ min: 0.01, max: CORES_MAX, why: 'cores of one server' })])
    .optional()
    .describe(
      'Cores of the machine of one server: a run in which a server needs more for a second says so, but nothing waits for them; capacity makes requests wait. Unlimited: nobody asks. Assumption.',
    )
    .meta({ unit: 'cores', default: 'unlimited' }),
  memory: z
    .union([
      z.literal('unlimited'),
      memoryField('Memory of the machine of one server that is left for Secrets, ConfigMaps and their watches.'),
    ])
    .optional()
    .describe(
      'Memory of one server for the objects in its watch caches and for its open watches: a run in which a server needs more says so, or kills it (outOfMemory). Unlimited: nobody asks. Assumption.',
    )
    .meta({ default: 'unlimited' }),
  outOfMemory: z
    .enum(['verdict', 'crash'])
    .optional()
    .describe(
      'What becomes of a server that needs more than memory: the answer says so (verdict), or it is killed and its kubelet starts it again, at once and then after 10 s, 20 s … 5 min (crash). Source: kuberuntime_manager.go doBackOff.',
    )
    .meta({ default: 'verdict' }),
  cpuScale: numberField({ min: 0.001, max: 1000 })
    .default(1)
    .describe('CPU of a request relative to the machine of the cost table; 0.35: a current server core (assumption).'),
  getFromCache: measured('GET answered from the watch cache', '680us', '1500us'),
  getQuorum: measured('GET answered by etcd', '1500us', '6700us'),
  list: measured('LIST of one object from the watch cache', '690us', '2600us'),
  watch: latencyField({
    p50: '1ms',
    p99: '5ms',
    description: 'WATCH at a set resourceVersion until it is open. Assumption.',
  }).prefault({}),
  write: measured('Write of an object until it is acknowledged', '4200us', '26ms'),
  dispatch: latencyField({
    p50: '2ms',
    p99: '10ms',
    description: 'From the watch cache until an event is sent to a watcher. Assumption.',
  }).prefault({}),
  costs: costs.prefault({}).describe('What requests, watches and objects cost a server.'),
  maxRequestsInflight: wholeNumberField({ min: 1, max: 1_000_000 })
    .default(400)
    .describe('--max-requests-inflight; with the next its seats. Source: kube-apiserver default.')
    .meta({ unit: 'requests' }),
  maxMutatingRequestsInflight: wholeNumberField({ min: 0, max: 1_000_000 })
    .default(200)
    .describe('--max-mutating-requests-inflight. Source: kube-apiserver default.')
    .meta({ unit: 'requests' }),
  nodeAuthorizer: z
    .boolean()
    .default(true)
    .describe('--authorization-mode=Node: requests are answered 403 until the server knows the pod. Source: kubeadm.'),
  requestTimeout: durationField({
    min: '1s',
    max: '24h',
    example: '60s',
    description: '--request-timeout. Source: kube-apiserver default.',
  }).default('1m'),
  loadBalancer: z
    .enum(['readyz', 'tcp'])
    .optional()
    .describe(
      'What the load balancer goes by when it sends new connections: readyz (a server is ready when its own informers have what they need), or tcp (it accepts connections). Assumption.',
    )
    .meta({ default: 'readyz' }),
  goawayChance: numberField({ min: 0, max: 0.02, why: 'as kube-apiserver allows' })
    .default(0)
    .describe('--goaway-chance: share of the requests whose connection is sent away. Source: kube-apiserver default.'),
  startup: startup.prefault({}).describe('A server process from its start until it is ready.'),
  shutdown: durationField({
    max: '1h',
    example: '62s',
    description: 'From SIGTERM to the end of the process with open watches. Measured: 62 s.',
  }).default('62s'),
  shutdownDelayDuration: durationField({
    max: '1h',
    example: '20s',
    description:
      '--shutdown-delay-duration: a server that is told to end is not ready any more, but goes on for so long. Source: kube-apiserver default.',
  })
    .optional()
    .meta({ default: '0s' }),
  shutdownSendRetryAfter: z
    .boolean()
    .optional()
    .describe(
      '--shutdown-send-retry-after: then it answers what comes 429, and sends its connection away. Source: kube-apiserver default.',
    )
    .meta({ default: false }),
  shutdownWatchTerminationGracePeriod: durationField({
    max: '1h',
    example: '60s',
    description:
      '--shutdown-watch-termination-grace-period (≥1.27): its watches get no more events, and are ended one after another within that time, instead of all at once when it ends; 0s: off. Source: kube-apiserver default.',
  })
    .optional()
    .meta({ default: '0s' }),
  encryption: encryption.prefault({}).describe('Encryption of Secrets at rest.'),
});
