import { quantileSorted } from 'd3-array';
import { GrowableFloat64, GrowableInt32 } from '../../sim/growable.js';
import { sortNumbers } from '../../sim/sort.js';
import { SECOND_US } from '../../sim/units.js';
import { GROUP_QUANTILES, GROUPINGS, type GroupDelays, type Grouping } from '../model/group-delays.js';
import { ownerLabel } from '../population/pod-owner.js';
import { groupBy, type Population } from '../population/population.js';
import type { DoneNodes } from './update-outcomes.js';
import { eachSlot } from './update-slots.js';

/** What the nodes without a label of a pool are called together. */
const NO_POOL = 'no pool';

/** What became of the consumers of some nodes, by pod. */
export interface GroupsPart {
  readonly pods: Int32Array;
  readonly delays: Float64Array;
  readonly unreached: Int32Array;
}

/**
 * Delays by namespace, owner and node pool, read off the ledgers of nodes that are done. Consumers of one group stand
 * together, whatever objects they use.
 */
export class GroupTally {
  private readonly pods = new GrowableInt32();
  private readonly delays = new GrowableFloat64();
  private readonly unreached: Int32Array;

  /** `population`: the whole cluster. */
  constructor(private readonly population: Population) {
    this.unreached = new Int32Array(population.podCount);
  }

  /** Takes stock of nodes that are done. */
  add({ population, etcd, ledger }: DoneNodes): void {
    const { consumerPod } = this.population;
    etcd.eachUpdate((update) => {
      const committed = etcd.committedAt[etcd.updateRevision[update]];
      eachSlot(population, ledger, update, etcd.updateAudience[update], (consumer, at) => {
        if (Number.isNaN(at)) return;
        const pod = consumerPod[population.firstConsumer + consumer];
        if (at >= 0 && at < Infinity) {
          this.pods.push(pod);
          this.delays.push(at - committed);
        } else {
          this.unreached[pod]++;
        }
      });
    });
  }

  groups(): GroupDelays[] {
    const reached = { pods: this.pods.view(), delays: this.delays.view() };
    return GROUPINGS.flatMap((grouping) => groupsOf(grouping, this.population, reached, this.unreached));
  }

  part(): GroupsPart {
    return { pods: this.pods.view().slice(), delays: this.delays.view().slice(), unreached: this.unreached };
  }

  absorb({ pods, delays, unreached }: GroupsPart): void {
    this.pods.append(pods);
    this.delays.append(delays);
    unreached.forEach((count, pod) => (this.unreached[pod] += count));
  }
}

function groupsOf(
  grouping: Grouping,
  population: Population,
  { pods, delays }: { readonly pods: Int32Array; readonly delays: Float64Array },
  unreached: Int32Array,
): GroupDelays[] {
  const labelOf = LABELS[grouping](population);
  if (labelOf === null) return [];
  const groups = new Map<string, number>();
  const groupOfPod = new Int32Array(population.podCount).fill(-1);
  const groupOf = (pod: number): number => {
    if (groupOfPod[pod] >= 0) return groupOfPod[pod];
    const label = labelOf(pod);
    const group = groups.get(label) ?? groups.size;
    groups.set(label, group);
    return (groupOfPod[pod] = group);
  };
  const waiting = new Map<number, number>();
  unreached.forEach((count, pod) => {
    if (count > 0) waiting.set(groupOf(pod), (waiting.get(groupOf(pod)) ?? 0) + count);
  });
  const { start, members } = groupBy(pods.map(groupOf), groups.size);
  return [...groups]
    .map(([group, index]): GroupDelays => {
      const own = Float64Array.from(members.subarray(start[index], start[index + 1]), (i) => delays[i]);
      const sorted = Array.from(sortNumbers(own));
      return {
        grouping,
        group,
        reached: sorted.length,
        unreached: waiting.get(index) ?? 0,
        quantilesS: GROUP_QUANTILES.flatMap((level) => {
          const delay = quantileSorted(sorted, level);
          return delay === undefined ? [] : [delay / SECOND_US];
        }),
      };
    })
    .sort((a, b) => (a.group < b.group ? -1 : 1));
}

/** How a pod's group is called; null where a cluster has no such groups. */
const LABELS: Readonly<Record<Grouping, (population: Population) => ((pod: number) => string) | null>> = {
  namespace: (population) => (pod) => {
    const name = population.podName(pod);
    return name.slice(0, name.indexOf('/'));
  },
  owner_kind: (population) => (pod) => population.podOwner(pod).kind,
  owner: (population) => (pod) => ownerLabel(population.podOwner(pod)),
  node_pool: ({ nodeCount, nodePool, podNode }) => {
    const named = Array.from({ length: nodeCount }, (_, node) => nodePool(node)).some((pool) => pool !== null);
    return named ? (pod) => nodePool(podNode[pod]) ?? NO_POOL : null;
  },
};
