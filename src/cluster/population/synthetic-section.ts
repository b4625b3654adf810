import { extendHigh, extendLow } from '../../sim/names.js';
import { BUNDLE_SELECTIONS, KIND, MODE } from '../model/kinds.js';
import type { Scope } from '../model/model-input.js';
import { flagsOf } from './consumption.js';
import type { StoredObjects } from './node-source.js';
import { indexPopulation } from './index-population.js';
import { HEAD, nameColumns, type Population, READS, setName } from './population.js';
import { belongsTo } from './shares.js';
import { consumersBefore, labelOf, type SectionClass } from './synthetic-classes.js';
import type { SyntheticLayout } from './synthetic-layout.js';

/** The pods of a section. */
interface SectionPods {
  readonly first: number;
  readonly count: number;
  readonly nameHigh: Int32Array;
  readonly nameLow: Int32Array;
  readonly deployment: Int32Array;
}

/** Those of a section that have objects of a scope: their numbers in the whole cluster, and which of them each pod belongs to. */
interface ScopeMembers {
  readonly numbers: Int32Array;
  readonly ofPod: Int32Array;
}

type Members = Readonly<Record<Scope, ScopeMembers>>;

/** Builds sections of a cluster that is made from counts, as `buildSyntheticCluster` builds all of it. */
export class SyntheticSections {
  /** Numbers of deployments and namespaces in the section that is built; −1: it has none of their pods. */
  private readonly deployments: Int32Array;
  private readonly namespaces: Int32Array;
  /** Consumers before those of each node. */
  private readonly before: Float64Array;

  constructor(
    private readonly layout: SyntheticLayout,
    private readonly classes: readonly SectionClass[],
    private readonly stored: StoredObjects,
  ) {
    this.deployments = new Int32Array(layout.deployments).fill(-1);
    this.namespaces = new Int32Array(layout.namespaces).fill(-1);
    this.before = consumersBefore(layout, classes);
  }

  /** The nodes from `first` to `last` (exclusive). */
  of(first: number, last: number): Population {
    const { layout, stored } = this;
    const { podsPerNode } = layout;
    const nodeCount = last - first;
    const pods = this.podsOf(first * podsPerNode, nodeCount * podsPerNode);
    const members = this.membersOf(pods, first, nodeCount);
    const objects = this.objectsOf(members, pods);
    const uses = this.usesOf(pods, members, objects.firsts);
    const nodeNames = nameColumns(nodeCount);
    for (let node = 0; node < nodeCount; node++) setName(nodeNames, node, layout.nodeName(first + node));
    return indexPopulation(
      {
        nodeCount,
        podCount: pods.count,
        consumerCount: uses.consumerObject.length,
        nodePodStart: evenly(nodeCount + 1, podsPerNode),
        nodeNameHigh: nodeNames.high,
        nodeNameLow: nodeNames.low,
        nodeTtlSeconds: null,
        nodeArrives: new Uint8Array(nodeCount),
        podNode: members.node.ofPod,
        podNameHigh: pods.nameHigh,
        podNameLow: pods.nameLow,
        podDeployment: pods.deployment,
        deploymentCount: layout.deployments,
        podPending: new Uint8Array(pods.count),
        podStartsAfter: null,
        podArrives: new Uint8Array(pods.count),
        ...uses,
        ...objects.columns,
        classNames: stored.classNames,
        lifecycle: null,
        objectsOf: stored.objectsOf,
        objectName: objects.nameOf,
        nodeName: (node) => `node-${first + node}`,
        nodePool: () => null,
        podName: (pod) => layout.podLabel(pods.first + pod),
        podOwner: (pod) => ({ kind: 'Deployment', name: layout.deploymentLabel(pods.deployment[pod]) }),
      },
      { firstConsumer: this.before[first], objectStored: objects.stored },
    );
  }

  private podsOf(first: number, count: number): SectionPods {
    const { layout } = this;
    const { high, low } = nameColumns(count);
    const deployment = new Int32Array(count);
    for (let pod = 0; pod < count; pod++) {
      layout.find(first + pod);
      deployment[pod] = layout.foundDeployment;
      high[pod] = layout.foundHigh;
      low[pod] = layout.foundLow;
    }
    return { first, count, nameHigh: high, nameLow: low, deployment };
  }

  private membersOf(pods: SectionPods, firstNode: number, nodeCount: number): Members {
    const { podsPerNode } = this.layout;
    const deployment = numbered(pods.deployment, this.deployments);
    const namespaceOf = pods.deployment.map((each) => this.layout.namespaceOf(each));
    return {
      cluster: { numbers: new Int32Array(1), ofPod: new Int32Array(pods.count) },
      namespace: numbered(namespaceOf, this.namespaces),
      deployment,
      node: {
        numbers: evenly(nodeCount, 1, firstNode),
        ofPod: Int32Array.from({ length: pods.count }, (_, pod) => Math.floor(pod / podsPerNode)),
      },
      pod: { numbers: evenly(pods.count, 1, pods.first), ofPod: evenly(pods.count, 1) },
    };
  }

  /** The objects of a section, class by class, and the first of each class. */
  private objectsOf(members: Members, pods: SectionPods) {
    const { classes } = this;
    const firsts: number[] = [];
    let count = 0;
    for (const { spec } of classes) {
      firsts.push(count);
      count += members[spec.scope].numbers.length * spec.count;
    }
    const names = nameColumns(count);
    const columns = {
      objectCount: count,
      objectClass: new Int32Array(count),
      objectKind: new Uint8Array(count),
      objectSize: new Float64Array(count),
      objectImmutable: new Uint8Array(count),
      objectSelectedBy: new Uint8Array(count),
      objectExists: new Uint8Array(count).fill(1),
      objectArrives: new Uint8Array(count),
      // Nobody wakes others by name where nothing queues.
      objectTrigger: new Int32Array(count),
      objectNameHigh: names.high,
      objectNameLow: names.low,
    };
    const stored = new Int32Array(count);
    classes.forEach((each, index) => {
      const { spec } = each;
      const { numbers } = members[spec.scope];
      const [first, end] = [firsts[index], firsts[index] + numbers.length * spec.count];
      columns.objectClass.fill(index, first, end);
      columns.objectKind.fill(KIND[spec.kind], first, end);
      columns.objectSize.fill(spec.sizeBytes, first, end);
      columns.objectSelectedBy.fill(BUNDLE_SELECTIONS.indexOf(spec.selectedBy ?? 'name'), first, end);
      this.nameObjects(each, numbers, pods, names, first);
      numberStored(each, numbers, stored, first);
      if (each.immutable.below === 0) return;
      for (let object = first; object < end; object++) {
        columns.objectImmutable[object] = belongsTo(each.immutable, names.high[object], names.low[object]) ? 1 : 0;
      }
    });
    const nameOf = (object: number): string => {
      const index = columns.objectClass[object];
      const { spec } = classes[index];
      const i = object - firsts[index];
      return labelOf(this.layout, spec, members[spec.scope].numbers[Math.floor(i / spec.count)], i % spec.count);
    };
    return { firsts, columns, stored, nameOf };
  }

  private nameObjects(
    { spec, tag }: SectionClass,
    numbers: Int32Array,
    pods: SectionPods,
    names: ReturnType<typeof nameColumns>,
    first: number,
  ): void {
    const own = spec.scope === 'pod';
    let object = first;
    for (let member = 0; member < numbers.length; member++) {
      // The name of what a scope has is the class's, extended by the scope; of what a pod has, both names together.
      const high = own ? pods.nameHigh[member] ^ tag.high : extendHigh(tag.high, tag.low, numbers[member]);
      const low = own ? pods.nameLow[member] ^ tag.low : extendLow(tag.high, tag.low, numbers[member]);
      for (let i = 0; i < spec.count; i++) {
        names.high[object] = extendHigh(high, low, i);
        names.low[object++] = extendLow(high, low, i);
      }
    }
  }

  /** Who uses what. `firsts`: the first object of each class. */
  private usesOf(pods: SectionPods, members: Members, firsts: readonly number[]) {
    const { classes } = this;
    const podConsumerStart = new Int32Array(pods.count + 1);
    const used = classes.map((each) => usersOf(each, pods));
    for (let pod = 0; pod < pods.count; pod++) {
      let uses = 0;
      for (let c = 0; c < classes.length; c++) if (used[c]?.[pod] !== 0) uses += classes[c].spec.count;
      podConsumerStart[pod + 1] = podConsumerStart[pod] + uses;
    }
    const consumerCount = podConsumerStart[pods.count];
    const consumerObject = new Int32Array(consumerCount);
    const consumerMode = new Uint8Array(consumerCount);
    const consumerFlags = new Uint8Array(consumerCount);
    const rows = classes.map(({ spec }, c) => ({
      used: used[c],
      first: firsts[c],
      count: spec.count,
      ofPod: members[spec.scope].ofPod,
      mode: MODE[spec.as],
      flags: sourceFlags(spec),
    }));
    let consumer = 0;
    for (let pod = 0; pod < pods.count; pod++) {
      for (const { used, first, count, ofPod, mode, flags } of rows) {
        if (used?.[pod] === 0) continue;
        for (let i = 0; i < count; i++) {
          consumerObject[consumer] = first + ofPod[pod] * count + i;
          consumerMode[consumer] = mode;
          consumerFlags[consumer++] = flags;
        }
      }
    }
    return { podConsumerStart, consumerObject, consumerMode, consumerFlags };
  }
}

/** The flags of the consumers of a class: each is a volume of its own. */
export function sourceFlags({ as, optional, kind }: SectionClass['spec']): number {
  const flags = flagsOf(as, optional, kind);
  return flags & READS && as !== 'imagePullSecret' ? flags | HEAD : flags;
}

/** 1 for pods that use a class; null: all do. */
function usersOf({ users }: SectionClass, { count, nameHigh, nameLow }: SectionPods): Uint8Array | null {
  if (users.below === Infinity) return null;
  return Uint8Array.from({ length: count }, (_, pod) => (belongsTo(users, nameHigh[pod], nameLow[pod]) ? 1 : 0));
}

/** Numbers of a class's objects among those that are stored. */
function numberStored(
  { spec, firstStored }: SectionClass,
  numbers: Int32Array,
  stored: Int32Array,
  first: number,
): void {
  let object = first;
  for (const number of numbers) {
    for (let i = 0; i < spec.count; i++)
      stored[object++] = firstStored < 0 ? -1 : firstStored + number * spec.count + i;
  }
}

/** Gives those that pods belong to numbers of their own, in the order in which they come. `numberOf`: −1 everywhere, and so again. */
function numbered(ofPod: Int32Array, numberOf: Int32Array): ScopeMembers {
  const numbers = new Int32Array(ofPod.length);
  let count = 0;
  const own = ofPod.map((each) => {
    if (numberOf[each] < 0) {
      numbers[count] = each;
      numberOf[each] = count++;
    }
    return numberOf[each];
  });
  const found = numbers.slice(0, count);
  for (const each of found) numberOf[each] = -1;
  return { numbers: found, ofPod: own };
}

/** `from`, `from + step` and so on. */
function evenly(length: number, step: number, from = 0): Int32Array {
  const values = new Int32Array(length);
  for (let i = 0; i < length; i++) values[i] = from + i * step;
  return values;
}
