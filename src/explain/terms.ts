import type { Subject } from './explanation.js';

/** A word as this program uses it. */
interface Term {
  readonly name: string;
  readonly meaning: string;
  /** Fields, columns and the like where it is met; each can be asked for. */
  readonly met: readonly string[];
}

/** Words that stand for one thing each: those of the glossary (`docs/glossary.md`), as a test demands. */
const TERMS: readonly Term[] = [
  {
    name: 'projection',
    meaning:
      'New content of an object appears in the files of a pod that was due, or with a new pod in its place. Delays, samples.csv and delays.csv have both; of the columns of runs.csv, projections counts the first and replaced the second.',
    met: ['projections', 'samples.csv', 'delays.csv'],
  },
  {
    name: 'delay',
    meaning:
      "From the commit of an update in etcd until the new files are in the pod: cache delay, sync wait and refresh, which sum to it. The writer's own wait for the commit is not part of it.",
    met: ['delay_p99_s', 'write_mean_s', 'delays.csv'],
  },
  {
    name: 'cache delay',
    meaning:
      'Stage 1 of a delay: from the commit until every read by this kubelet returns the new content. The watch event under Watch, the rest of the TTL under Cache, 0 under Get.',
    met: ['cache_delay_mean_s'],
  },
  {
    name: 'sync wait',
    meaning: 'Stage 2 of a delay: until the start of the pod sync that picks the content up; 0 where that had begun.',
    met: ['sync_wait_mean_s', 'kubelet.syncFrequency'],
  },
  {
    name: 'refresh',
    meaning: 'Stage 3 of a delay: loops of the volume manager, a fetch where there is one, and the swap of the files.',
    met: ['refresh_mean_s', 'kubelet.reconcilerLoopSleepPeriod'],
  },
  {
    name: 'pod sync',
    meaning:
      'The kubelet brings a pod to what is asked for, and reads its objects for that. The next one is due after syncFrequency × U[1, 1.5).',
    met: ['kubelet.syncFrequency', 'kubelet.workerResyncIntervalJitterFactor'],
  },
  {
    name: 'strategy',
    meaning:
      'How a kubelet learns that a Secret or ConfigMap has changed. Watch: a watch per object; Cache: it keeps what it has read for a TTL; Get: it reads at every sync.',
    met: ['kubelet.configMapAndSecretChangeDetectionStrategy', 'kubelet.nodeTTL'],
  },
  {
    name: 'consumer',
    meaning:
      'A pod’s place, an object and the way in which the pod uses it. A pod with three volumes is three of them.',
    met: ['updates.due', 'objects.as'],
  },
  {
    name: 'place',
    meaning:
      'Where a pod stands: its owner and ordinal, or its node. The pod that follows it there has the same place, as in a rollout.',
    met: ['replaced', 'gone'],
  },
  {
    name: 'object',
    meaning: 'A Secret or a ConfigMap, or a bundle or certificate that pods mount like one.',
    met: ['objects.kind', 'updates.object'],
  },
  {
    name: 'volume',
    meaning:
      'A consumer whose files follow the object: as: volume or projected. Shares of volumes are what curves and the wave show.',
    met: ['objects.as', 'delays.csv'],
  },
  {
    name: 'pods',
    meaning:
      'In answers (“half of the pods have the new keys”), pods by their volumes of the object: a pod that mounts it twice counts twice.',
    met: ['delay_p50_s', 'last_pod_max_s'],
  },
  {
    name: 'new keys',
    meaning: 'In answers, the content that an update brings, whatever it is.',
    met: ['update', 'last_pod_bound_s'],
  },
  {
    name: 'due',
    meaning:
      'A consumer that a running pod has of an object when an update of it commits. Each due ends as reached, never, gone or pending.',
    met: ['updates.due', 'reached', 'never', 'gone', 'pending'],
  },
  {
    name: 'reached',
    meaning:
      'A due whose new files are in the running pod (projected), or whose new pod in its place started with them (replaced).',
    met: ['updates.reached', 'projections', 'replaced'],
  },
  {
    name: 'never',
    meaning: 'A due that cannot see the update before a restart: subPath, env, immutable, deleted.',
    met: ['updates.never', 'never_projected', 'objects.as'],
  },
  {
    name: 'gone',
    meaning: 'A due that went with its place: scaled down, or its node was removed.',
    met: ['updates.gone'],
  },
  {
    name: 'pending',
    meaning: 'A due that had not got the update when the run ended.',
    met: ['updates.pending', 'pending_at_end', 'drain'],
  },
  {
    name: 'class',
    meaning: 'Objects that are alike, under one name in spec.objects: so many per scope, used by so many pods.',
    met: ['objects', 'objects.scope', 'updates.object_class'],
  },
  {
    name: 'update',
    meaning: 'A change of an object’s content that was committed. Writes that change nothing that pods see are none.',
    met: ['updates', 'updates.csv', 'timeline.update'],
  },
  {
    name: 'last pod',
    meaning: 'The time from the commit of an update until every pod that was due has it.',
    met: ['last_pod_max_s', 'last_pod_bound_s', 'output.lastPodQuantiles'],
  },
  {
    name: 'bound',
    meaning:
      'By when every pod has an update, whatever the chance: a closed form of clocks and loops, not a measurement.',
    met: ['last_pod_bound_s', 'bounds.csv'],
  },
  {
    name: 'overlap',
    meaning: 'For how long the old and the new credential have to be valid together when one is rotated.',
    met: ['rotation.csv', 'rotation.overlap_s'],
  },
  {
    name: 'scenario',
    meaning: 'One combination of the values of the factors; a row of comparisons.',
    met: ['factors', 'where', 'names', 'baseline'],
  },
  {
    name: 'replication',
    meaning:
      'A repetition of all scenarios under other chance. The same number means the same chance in every scenario.',
    met: ['replications', 'runs.replication', 'paired.csv'],
  },
  {
    name: 'run',
    meaning: 'One scenario in one replication, called s002-r001; run --only repeats it.',
    met: ['runs.csv', 'runs.run_id'],
  },
  {
    name: 'confidence interval',
    meaning:
      'Where the mean over endless replications lies with 95 %: Student t over the replications, unless a column says otherwise.',
    met: ['summary.ci95_low', 'precision'],
  },
  {
    name: 'storm',
    meaning: 'What follows the stop of an API server: its clients connect elsewhere and open their watches again.',
    met: ['restarts.csv', 'watch_recovery_max_s', 'timeline.restartApiServer'],
  },
  {
    name: 'quorum read',
    meaning: 'A read that the API server answers from etcd, not from its watch cache.',
    met: ['quorum_reads_per_s', 'apiServer.getQuorum'],
  },
  {
    name: 'seat',
    meaning: 'A unit of flow control: a request takes one or more while it runs, and waits where none is left.',
    met: ['load.seats', 'queued_max', 'apiServer.maxRequestsInflight'],
  },
  {
    name: 'TTL',
    meaning:
      'How long the Cache strategy keeps what it has read: the annotation that the TTL controller sets by the number of nodes, else 60 s.',
    met: ['kubelet.nodeTTL', 'ttlBoundaries'],
  },
  {
    name: 'topology',
    meaning: 'A real cluster as import wrote it: who mounts what where, with real names and without values of Secrets.',
    met: ['cluster.topology', 'cluster.topologyHash'],
  },
  {
    name: 'SLO',
    meaning:
      'A limit for a metric, judged per scenario over its replications; a run that misses one ends with exit code 3.',
    met: ['slos'],
  },
  {
    name: 'fingerprint',
    meaning: 'A number that stands for every effect of a run and its time: runs of the same fingerprint were the same.',
    met: ['runs.csv'],
  },
  {
    name: 'manifest.json',
    meaning: 'What a result came from: version, experiment with all defaults, seeds, hashes and fingerprints.',
    met: ['columns.csv', 'runs.csv'],
  },
  {
    name: 'datapackage.json',
    meaning:
      'How to read the tables of a result: types, units, missing values, keys. A data package, as datapackage.org describes it.',
    met: ['columns.csv'],
  },
];

/** Terms that are asked for. */
export function termSubjects(): readonly Subject[] {
  return TERMS.map(({ name, meaning, met }) => ({
    kind: 'term',
    name,
    meaning,
    explain: () => ({ kind: 'term', name, meaning, usedIn: [], parts: [], seeAlso: met }),
  }));
}
