import { extendHigh, extendLow } from '../../sim/names.js';
import type { Memory } from '../../sim/memory.js';
import type { Scope } from '../model/model-input.js';
import type { StoredObjects } from './node-source.js';
import { indexPopulation } from './index-population.js';
import { nameColumns, type Population } from './population.js';
import {
  evenly,
  nodesOfPods,
  type ScopeMembers,
  type SectionPods,
  type SectionShape,
  SectionShapes,
} from './section-shape.js';
import { belongsTo } from './shares.js';
import { consumersBefore, labelOf, type SectionClass } from './synthetic-classes.js';
import type { SyntheticLayout } from './synthetic-layout.js';

/** Which of those that have objects of the scopes cluster, node and pod each pod of a section belongs to. */
interface EvenMembers {
  readonly nodeCount: number;
  readonly ofCluster: Int32Array;
  readonly ofNodes: Int32Array;
  readonly ofPods: Int32Array;
}

/** Builds sections of a cluster that is made from counts, as `buildSyntheticCluster` builds all of it. */
export class SyntheticSections {
  private readonly shapes: SectionShapes;
  /** Numbers of deployments and namespaces in the section that is built; −1: it has none of their pods. */
  private readonly deployments: Int32Array;
  private readonly namespaces: Int32Array;
  /** Consumers before those of each node. */
  private readonly before: Float64Array;
  /** Those of the section that was built last. */
  private even: EvenMembers | null = null;

  constructor(
    private readonly layout: SyntheticLayout,
    private readonly classes: readonly SectionClass[],
    private readonly stored: StoredObjects,
  ) {
    this.shapes = new SectionShapes(classes, layout.podsPerNode);
    this.deployments = new Int32Array(layout.deployments).fill(-1);
    this.namespaces = new Int32Array(layout.namespaces).fill(-1);
    this.before = consumersBefore(layout, classes);
  }

  /** The nodes from `first` to `last` (exclusive). */
  of(first: number, last: number, memory: Memory): Population {
    const { layout, stored } = this;
    const nodeCount = last - first;
    const pods = this.podsOf(first, nodeCount, memory);
    const members = this.membersOf(pods, first, nodeCount, memory);
    const shape = this.shapes.of(nodeCount, pods, members);
    const { columns } = shape;
    const objects = this.objectsOf(members, pods, shape, memory);
    const nodeNames = nameColumns(nodeCount, memory);
    layout.nameNodes(first, nodeCount, nodeNames);
    return indexPopulation(
      // Written out: engines copy what is spread property by property.
      {
        nodeCount,
        podCount: pods.count,
        objectCount: columns.objectCount,
        consumerCount: columns.consumerCount,
        nodePodStart: columns.nodePodStart,
        nodeArrives: columns.nodeArrives,
        podNode: columns.podNode,
        podPending: columns.podPending,
        podArrives: columns.podArrives,
        podConsumerStart: columns.podConsumerStart,
        consumerObject: columns.consumerObject,
        consumerMode: columns.consumerMode,
        consumerFlags: columns.consumerFlags,
        objectClass: columns.objectClass,
        objectKind: columns.objectKind,
        objectSize: columns.objectSize,
        objectSelectedBy: columns.objectSelectedBy,
        objectExists: columns.objectExists,
        objectArrives: columns.objectArrives,
        objectTrigger: columns.objectTrigger,
        nodeNameHigh: nodeNames.high,
        nodeNameLow: nodeNames.low,
        nodeTtlSeconds: null,
        podNameHigh: pods.nameHigh,
        podNameLow: pods.nameLow,
        podDeployment: pods.deployment,
        deploymentCount: layout.deployments,
        podStartsAfter: null,
        objectImmutable: objects.immutable,
        objectNameHigh: objects.nameHigh,
        objectNameLow: objects.nameLow,
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
      shape.links,
    );
  }

  private podsOf(firstNode: number, nodeCount: number, memory: Memory): SectionPods {
    const { layout } = this;
    const count = nodeCount * layout.podsPerNode;
    const names = nameColumns(count, memory);
    const deployment = memory.int32(count);
    layout.findAll(firstNode, nodeCount, { deployment, ...names });
    return { first: firstNode * layout.podsPerNode, count, nameHigh: names.high, nameLow: names.low, deployment };
  }

  /** Who has the objects of each class. */
  private membersOf(pods: SectionPods, firstNode: number, nodeCount: number, memory: Memory): readonly ScopeMembers[] {
    const { layout } = this;
    const { ofCluster, ofNodes, ofPods } = this.evenMembers(nodeCount);
    const members: Record<Scope, () => ScopeMembers> = {
      cluster: () => ({ numbers: new Int32Array(1), ofPod: ofCluster }),
      namespace: () => numbered(namespacesOf(pods.deployment, layout, memory), this.namespaces, memory),
      deployment: () => numbered(pods.deployment, this.deployments, memory),
      node: () => ({ numbers: evenly(nodeCount, 1, firstNode, memory), ofPod: ofNodes }),
      pod: () => ({ numbers: evenly(pods.count, 1, pods.first, memory), ofPod: ofPods }),
    };
    const found = new Map<Scope, ScopeMembers>();
    return this.classes.map(({ spec }) => {
      const known = found.get(spec.scope) ?? members[spec.scope]();
      found.set(spec.scope, known);
      return known;
    });
  }

  /** Which of those that have objects of a scope each pod belongs to, where that is alike in all sections of as many nodes. */
  private evenMembers(nodeCount: number): EvenMembers {
    if (this.even?.nodeCount === nodeCount) return this.even;
    const { podsPerNode } = this.layout;
    const pods = nodeCount * podsPerNode;
    const ofNodes = nodesOfPods(nodeCount, podsPerNode);
    return (this.even = { nodeCount, ofCluster: new Int32Array(pods), ofNodes, ofPods: evenly(pods, 1) });
  }

  /** What sets the objects of a section apart from those of others of its shape. */
  private objectsOf(
    members: readonly ScopeMembers[],
    pods: SectionPods,
    { firsts, columns }: SectionShape,
    memory: Memory,
  ) {
    const { classes } = this;
    const { objectCount, objectClass } = columns;
    const names = nameColumns(objectCount, memory);
    const immutable = memory.uint8(objectCount);
    const stored = memory.int32(objectCount);
    classes.forEach((each, c) => {
      const { numbers } = members[c];
      const [first, end] = [firsts[c], firsts[c] + numbers.length * each.spec.count];
      this.nameObjects(each, numbers, pods, names, first);
      numberStored(each, numbers, stored, first);
      if (each.immutable.below === 0) return;
      for (let object = first; object < end; object++) {
        immutable[object] = belongsTo(each.immutable, names.high[object], names.low[object]) ? 1 : 0;
      }
    });
    const nameOf = (object: number): string => {
      const c = objectClass[object];
      const { spec } = classes[c];
      const i = object - firsts[c];
      return labelOf(this.layout, spec, members[c].numbers[Math.floor(i / spec.count)], i % spec.count);
    };
    return { immutable, nameHigh: names.high, nameLow: names.low, stored, nameOf };
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
}

/** Numbers of a class's objects among those that are stored. */
function numberStored(
  { spec, firstStored }: SectionClass,
  numbers: Int32Array,
  stored: Int32Array,
  first: number,
): void {
  if (firstStored < 0) {
    stored.fill(-1, first, first + numbers.length * spec.count);
    return;
  }
  let object = first;
  for (const number of numbers) {
    for (let i = 0; i < spec.count; i++) stored[object++] = firstStored + number * spec.count + i;
  }
}

/** The namespace of each pod, by its deployment. */
function namespacesOf(deployment: Int32Array, layout: SyntheticLayout, memory: Memory): Int32Array {
  const namespaces = memory.int32(deployment.length);
  for (let pod = 0; pod < deployment.length; pod++) namespaces[pod] = layout.namespaceOf(deployment[pod]);
  return namespaces;
}

/** Gives those that pods belong to numbers of their own, in the order in which they come. `numberOf`: −1 everywhere, and so again. */
function numbered(ofPod: Int32Array, numberOf: Int32Array, memory: Memory): ScopeMembers {
  const numbers = memory.int32(ofPod.length);
  // Shapes keep it.
  const own = new Int32Array(ofPod.length);
  let count = 0;
  for (let pod = 0; pod < ofPod.length; pod++) {
    const each = ofPod[pod];
    if (numberOf[each] < 0) {
      numbers[count] = each;
      numberOf[each] = count++;
    }
    own[pod] = numberOf[each];
  }
  const found = numbers.slice(0, count);
  for (const each of found) numberOf[each] = -1;
  return { numbers: found, ofPod: own };
}
