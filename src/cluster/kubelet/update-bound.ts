import { SECOND_US } from '../../sim/units.js';
import { nodeTtls } from '../kube-controller-manager/ttl-controller.js';
import { type Bound, boundOf, type BoundTerm, boundTerm, noBound, notInPlace } from '../model/bound.js';
import { COUPLING_ACTIONS, isCoupled } from '../model/coupling.js';
import { isStored } from '../model/kinds.js';
import type { RunInput } from '../model/model-input.js';
import type { OperatorsInput } from '../model/operators-input.js';
import type { TimelineAction } from '../model/timeline-actions.js';
import { factsOf, type StoredObjects } from '../population/node-source.js';
import type { Population } from '../population/population.js';
import { latencyLimits, type LatencyLimits } from '../world/latency-limits.js';
import { type Audience, AudiencesOnDemand, type KnownAudiences } from './audience.js';
import { syncIntervalRange } from './sync-intervals.js';
import { strategyNamed } from './secret-manager/strategies.js';
import type { ChangeDetectionStrategy, StrategyBound } from './secret-manager/strategy.js';
import { longestVolumeWait } from './volume-manager.js';

/**
 * What every bound assumes, in words. Of 1,000 pods with up to four latencies each, one is longer than what is drawn in
 * fewer than 4,000 of 2³² rotations: in less than one in a million.
 */
const ASSUMED = [
  'no request or event queues at the API servers',
  'no latency is one of the longest in four billion (with 1,000 pods, one is in fewer than one of a million rotations)',
];

/**
 * By when every pod that sees an update has it, at the most: the closed form behind `last_pod_bound_s`.
 *
 * A read of the volume that begins once its kubelet has learned of the update shows it, and from there on the next read
 * is at most a sync interval and a pass of the volume manager's loops away. What a kubelet takes to learn, and a read to
 * be answered, is its strategy's (`ChangeDetectionStrategy.bound`). Clocks and loops are bounded; latencies are not, so
 * the longest that the model draws stands for them (`world/latency-limits.ts`).
 *
 * There is none where something else may hold pods up: requests that meet at the API servers, pods that start, volumes
 * that fail, and clients that are told to ask for more than they may send.
 */
export class UpdateBounds {
  private readonly strategy: ChangeDetectionStrategy;
  private readonly limits: LatencyLimits;
  /** Why no update of the run has a closed form; null: one may have. */
  private readonly noneAtAll: string | null;
  /** From the start of a pod's sync to that of the next, µs. */
  private readonly intervals: ReturnType<typeof syncIntervalRange>;
  /** By object: they do not depend on when it is written, but for what the timeline does. */
  private readonly known = new Map<number, Bound>();
  /** Objects with the same figures share a bound. */
  private readonly shared = new Map<string, Bound>();

  constructor(
    private readonly input: RunInput,
    private readonly stored: Pick<StoredObjects, 'objectsOf' | 'objectKind'>,
    private readonly audiences: KnownAudiences,
  ) {
    this.strategy = strategyNamed(input.kubelet.strategy);
    this.limits = latencyLimits(input);
    this.noneAtAll = whyNone(input);
    // An annotation starts a sync between two ticks.
    const aligned = !input.timeline.some(({ action }) => action === 'annotatePods');
    this.intervals = syncIntervalRange(input.kubelet, aligned);
  }

  /**
   * The bound of an update of an object. `committedAt`: µs from the start of the measured period; what the timeline does
   * later than the bound from then on does not matter.
   */
  of(object: number, committedAt: number): Bound {
    const bound = this.ofObject(object);
    if (bound.seconds === null) return bound;
    const end = committedAt + bound.seconds * SECOND_US;
    const disturbance = this.input.timeline.find((entry) => entry.firstUs <= end && this.disturbs(entry, object));
    return disturbance === undefined ? bound : noBound(`${disturbance.action} in the timeline may hold pods up`);
  }

  private ofObject(object: number): Bound {
    const known = this.known.get(object);
    if (known !== undefined) return known;
    if (!isStored(this.stored.objectKind[object]))
      return noBound('a driver brings it, and what its store does has none');
    const audience = this.audiences.of(object);
    const key = JSON.stringify({ ...audience, objects: null });
    const bound = this.shared.get(key) ?? this.boundOf(audience);
    this.shared.set(key, bound);
    this.known.set(object, bound);
    return bound;
  }

  /** True for an action that may delay a pod that sees an object. */
  private disturbs(entry: TimelineAction, object: number): boolean {
    const asks = this.strategy.keeps !== 'copy';
    if (entry.action === 'delete' || entry.action === 'recreate') {
      // A volume that fails is tried again, by requests where reads are requests.
      const { objects } = this.audiences.of(object);
      return asks || this.stored.objectsOf(entry.target, entry.kind).some((each) => objects.has(each));
    }
    // Pods that sync at once take what their kubelet may send.
    return entry.action === 'annotatePods' && asks;
  }

  private boundOf(audience: Audience): Bound {
    if (audience.consumers === 0) return notInPlace();
    if (this.noneAtAll !== null) return noBound(this.noneAtAll);
    if (audience.misses) return noBound('a volume that shows it fails, because a required object is missing');
    const strategy = this.strategyBound(audience);
    const waitUs = this.clientWaitUs(strategy);
    const reason = this.whyReadsWait(strategy, audience, waitUs);
    return reason === null ? this.closedForm(strategy, audience, waitUs) : noBound(reason);
  }

  /** `waitUs`: for the kubelet's client. */
  private closedForm(strategy: StrategyBound, { sources, pullSecrets }: Audience, waitUs: number): Bound {
    const { kubelet } = this.input;
    const pullUs = pullSecrets * strategy.readUs;
    return boundOf(
      [
        ...strategy.learns,
        ...this.syncTerms(),
        // What a sync reads before it ends may make the next one miss its tick.
        boundTerm('imagePullSecrets read by a sync', pullUs > 0 ? pullUs + kubelet.syncTickerPeriodUs : 0, 'SyncPod'),
        boundTerm('loops of the volume manager', longestVolumeWait(kubelet), 'populator and reconciler loops'),
        boundTerm('waiting for the kubelet’s client', waitUs, 'kubeAPIQPS, kubeAPIBurst'),
        boundTerm('reads of the volume’s sources', sources * strategy.readUs, 'apiServer.getFromCache, getQuorum'),
        boundTerm('writing the files', kubelet.volumeWriteDurationUs, 'volumeWriteDuration'),
      ],
      [...strategy.assumes, ...ASSUMED],
    );
  }

  /** From a sync that came too early to the next one. */
  private syncTerms(): readonly BoundTerm[] {
    const { kubelet } = this.input;
    if (this.strategy.syncsOnEvents || (kubelet.whatIf.syncOnWatchEvent && this.strategy.keeps === 'copy')) return [];
    const intervalUs = kubelet.syncFrequencyUs * (1 + kubelet.workerResyncIntervalJitterFactor);
    const { longest } = this.intervals;
    return [
      boundTerm('longest sync interval', Math.min(intervalUs, longest), 'syncFrequency × 1.5; pod_workers.go'),
      boundTerm('the sync before, and the tick', Math.max(0, longest - intervalUs), 'syncPodDuration; syncLoop'),
    ];
  }

  private strategyBound({ longestTtlUs, shortestTtlUs, readers }: Audience): StrategyBound {
    const { busiest } = this.audiences;
    const loopsUs = longestVolumeWait(this.input.kubelet);
    return this.strategy.bound({
      input: this.input,
      limits: this.limits,
      longestTtlUs,
      shortestTtlUs,
      entriesPerNode: busiest.entries,
      readsPerNode: busiest.reads,
      readers,
      readersPerEntry: busiest.readersPerEntry,
      shortestGapUs: this.intervals.shortest - loopsUs,
      longestGapUs: this.intervals.longest + loopsUs,
    });
  }

  /** How long a request waits for its kubelet's client at the most: all requests of a round come at once. */
  private clientWaitUs({ requests }: StrategyBound): number {
    const { kubeAPIQPS, kubeAPIBurst } = this.input.kubelet;
    const waiting = (requests?.count ?? 0) - kubeAPIBurst;
    return Math.max(0, Math.ceil((waiting * SECOND_US) / kubeAPIQPS));
  }

  /** Why reads may wait for longer than can be told; null: they do not. */
  private whyReadsWait(
    { requests, readUs }: StrategyBound,
    { sources, pullSecrets }: Audience,
    waitUs: number,
  ): string | null {
    const { kubelet } = this.input;
    const { kubeAPIQPS } = kubelet;
    const readyUs = longestVolumeWait(kubelet) + waitUs + sources * readUs;
    if (requests !== null && (requests.count * SECOND_US) / kubeAPIQPS > requests.withinUs - readyUs) {
      const perS = `${kubeAPIQPS} ${kubeAPIQPS === 1 ? 'request' : 'requests'} a second`;
      return `a kubelet may have to ask for ${requests.count} objects at each sync, and its client sends ${perS}`;
    }
    // Reads of a volume that is still being read are left out.
    if (readyUs >= kubelet.syncFrequencyUs) return 'a volume may still be read when its next read is due';
    return waitUs > 0 && pullSecrets * readUs > 0
      ? 'imagePullSecrets and volumes may wait for their kubelet’s client'
      : null;
  }
}

/** The bounds of updates of whatever object of a cluster that has been built. */
export function boundsIn(input: RunInput, population: Population): UpdateBounds {
  const { nodesAtStart } = factsOf(population);
  const ttlUs = nodeTtls(input, population, nodesAtStart);
  return new UpdateBounds(input, population, new AudiencesOnDemand(population, ttlUs));
}

/** Fields of operators that neither write objects nor start pods: the CSI driver's volumes are beside all others. */
const BESIDE: readonly string[] = ['store', 'informers', 'secretsStore'] satisfies readonly (keyof OperatorsInput)[];

/** Why nothing that is updated in a run has a closed form; null: something may have. */
function whyNone(input: RunInput): string | null {
  const { apiServer, start, timeline } = input;
  if (apiServer.capacity !== 'unlimited')
    return `requests and events may queue at API servers of ${apiServer.capacity} ${apiServer.capacity === 1 ? 'core' : 'cores'}`;
  const coupling = timeline.find(({ action }) => COUPLING_ACTIONS.includes(action));
  if (coupling !== undefined) return `${coupling.action} in the timeline may hold pods up`;
  const { operators, ...others } = input;
  if (Object.keys(operators ?? {}).some((operator) => !BESIDE.includes(operator)))
    return 'operators act on the cluster, and what they do has none';
  if (isCoupled(others)) return 'requests for certificates and trust bundles may hold kubelets up';
  return start === 'cold' ? 'pods may still be starting: the cluster starts cold' : null;
}
