import { OWN_MEMORY } from '../../sim/memory.js';
import { BUNDLE_SELECTIONS, KIND, MODE } from '../model/kinds.js';
import type { Scope } from '../model/model-input.js';
import { flagsOf } from './consumption.js';
import { linksOf, type Links } from './index-population.js';
import { HEAD, type Population, READS } from './population.js';
import { belongsTo } from './shares.js';
import type { SectionClass } from './synthetic-classes.js';

/** The pods of a section. */
export interface SectionPods {
  readonly first: number;
  readonly count: number;
  readonly nameHigh: Int32Array;
  readonly nameLow: Int32Array;
  readonly deployment: Int32Array;
}

/** Those of a section that have objects of a scope: their numbers in the whole cluster, and which of them each pod belongs to. */
export interface ScopeMembers {
  readonly numbers: Int32Array;
  readonly ofPod: Int32Array;
}

/** The columns of a section that say who uses what, and what all objects of a class have alike. */
type ShapeColumns = Pick<
  Population,
  | 'nodeCount'
  | 'podCount'
  | 'objectCount'
  | 'consumerCount'
  | 'nodePodStart'
  | 'nodeArrives'
  | 'podNode'
  | 'podPending'
  | 'podArrives'
  | 'podConsumerStart'
  | 'consumerObject'
  | 'consumerMode'
  | 'consumerFlags'
  | 'objectClass'
  | 'objectKind'
  | 'objectSize'
  | 'objectSelectedBy'
  | 'objectExists'
  | 'objectArrives'
  | 'objectTrigger'
>;

/** All of a section of a counted cluster but the names: sections whose pods share objects alike have it in common. */
export interface SectionShape {
  /** Which of those that have objects of its scope each pod belongs to, by class. */
  readonly ofPod: readonly Int32Array[];
  /** The first object of each class. */
  readonly firsts: readonly number[];
  readonly columns: ShapeColumns;
  readonly links: Links;
}

/** Scopes that the pods of all sections of as many nodes belong to alike. */
const EVEN_SCOPES: ReadonlySet<Scope> = new Set<Scope>(['cluster', 'node', 'pod']);
/** Shapes that are remembered: pods share a deployment's objects in as many ways as its replicas can be cut. */
const SHAPES_KEPT = 16;

/** The shapes of a cluster's sections. */
export class SectionShapes {
  /** The last one first. */
  private kept: readonly SectionShape[] = [];
  /** Classes that not all pods use make each section a shape of its own. */
  private readonly alike: boolean;

  constructor(
    private readonly classes: readonly SectionClass[],
    private readonly podsPerNode: number,
  ) {
    this.alike = classes.every(({ users }) => users.below === Infinity);
  }

  /** The shape of a section. `members`: by class. */
  of(nodeCount: number, pods: SectionPods, members: readonly ScopeMembers[]): SectionShape {
    if (!this.alike) return this.build(nodeCount, pods, members);
    const known = this.kept.find((shape) => this.fits(shape, nodeCount, members));
    const shape = known ?? this.build(nodeCount, pods, members);
    if (shape !== this.kept[0])
      this.kept = [shape, ...this.kept.filter((each) => each !== shape)].slice(0, SHAPES_KEPT);
    return shape;
  }

  private fits(shape: SectionShape, nodeCount: number, members: readonly ScopeMembers[]): boolean {
    return (
      shape.columns.nodeCount === nodeCount &&
      this.classes.every(({ spec }, c) => EVEN_SCOPES.has(spec.scope) || areEqual(shape.ofPod[c], members[c].ofPod))
    );
  }

  private build(nodeCount: number, pods: SectionPods, members: readonly ScopeMembers[]): SectionShape {
    const { firsts, columns } = this.objectsOf(members);
    const uses = this.usesOf(pods, members, firsts);
    const all: ShapeColumns = {
      nodeCount,
      podCount: pods.count,
      consumerCount: uses.consumerObject.length,
      nodePodStart: evenly(nodeCount + 1, this.podsPerNode),
      nodeArrives: new Uint8Array(nodeCount),
      podNode: nodesOfPods(nodeCount, this.podsPerNode),
      podPending: new Uint8Array(pods.count),
      podArrives: new Uint8Array(pods.count),
      ...uses,
      ...columns,
    };
    return { ofPod: members.map(({ ofPod }) => ofPod), firsts, columns: all, links: linksOf(all) };
  }

  /** The objects of a section, class by class, and the first of each class. */
  private objectsOf(members: readonly ScopeMembers[]) {
    const { classes } = this;
    const firsts: number[] = [];
    let count = 0;
    classes.forEach(({ spec }, c) => {
      firsts.push(count);
      count += members[c].numbers.length * spec.count;
    });
    const columns = {
      objectCount: count,
      objectClass: new Int32Array(count),
      objectKind: new Uint8Array(count),
      objectSize: new Float64Array(count),
      objectSelectedBy: new Uint8Array(count),
      objectExists: new Uint8Array(count).fill(1),
      objectArrives: new Uint8Array(count),
      // Nobody wakes others by name where nothing queues.
      objectTrigger: new Int32Array(count),
    };
    classes.forEach(({ spec }, c) => {
      const [first, end] = [firsts[c], firsts[c] + members[c].numbers.length * spec.count];
      columns.objectClass.fill(c, first, end);
      columns.objectKind.fill(KIND[spec.kind], first, end);
      columns.objectSize.fill(spec.sizeBytes, first, end);
      columns.objectSelectedBy.fill(BUNDLE_SELECTIONS.indexOf(spec.selectedBy ?? 'name'), first, end);
    });
    return { firsts, columns };
  }

  /** Who uses what. `firsts`: the first object of each class. */
  private usesOf(pods: SectionPods, members: readonly ScopeMembers[], firsts: readonly number[]) {
    const rows = this.classes.map((each, c): ClassUses => {
      const { spec } = each;
      const [used, mode, flags] = [usersOf(each, pods), MODE[spec.as], sourceFlags(spec)];
      return { used, first: firsts[c], count: spec.count, ofPod: members[c].ofPod, mode, flags };
    });
    const podConsumerStart = new Int32Array(pods.count + 1);
    for (const row of rows) countUses(row, podConsumerStart);
    for (let pod = 0; pod < pods.count; pod++) podConsumerStart[pod + 1] += podConsumerStart[pod];
    const consumerCount = podConsumerStart[pods.count];
    const consumerObject = new Int32Array(consumerCount);
    const consumerMode = new Uint8Array(consumerCount);
    const consumerFlags = new Uint8Array(consumerCount);
    const next = podConsumerStart.slice(0, pods.count);
    for (const row of rows) placeUses(row, next, { consumerObject, consumerMode, consumerFlags });
    return { podConsumerStart, consumerObject, consumerMode, consumerFlags };
  }
}

/** What the consumers of a class have alike, and what sets them apart. */
interface ClassUses {
  /** 1 for pods that use it; null: all do. */
  readonly used: Uint8Array | null;
  /** The first of its objects, and how many each of those has that `ofPod` tells. */
  readonly first: number;
  readonly count: number;
  readonly ofPod: Int32Array;
  readonly mode: number;
  readonly flags: number;
}

/** Adds the consumers that each pod has of a class, one place behind it. */
function countUses({ used, count }: ClassUses, counts: Int32Array): void {
  for (let pod = 0; pod + 1 < counts.length; pod++) if (used?.[pod] !== 0) counts[pod + 1] += count;
}

/** Writes the consumers of a class down, those of each pod from its next place on. */
function placeUses(
  { used, first, count, ofPod, mode, flags }: ClassUses,
  next: Int32Array,
  {
    consumerObject,
    consumerMode,
    consumerFlags,
  }: Pick<ShapeColumns, 'consumerObject' | 'consumerMode' | 'consumerFlags'>,
): void {
  for (let pod = 0; pod < next.length; pod++) {
    if (used?.[pod] === 0) continue;
    let consumer = next[pod];
    for (let i = 0; i < count; i++) {
      consumerObject[consumer] = first + ofPod[pod] * count + i;
      consumerMode[consumer] = mode;
      consumerFlags[consumer++] = flags;
    }
    next[pod] = consumer;
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

/** The node of each pod, where all nodes have as many. */
export function nodesOfPods(nodes: number, podsPerNode: number): Int32Array {
  const ofPods = new Int32Array(nodes * podsPerNode);
  for (let node = 0; node < nodes; node++) ofPods.fill(node, node * podsPerNode, (node + 1) * podsPerNode);
  return ofPods;
}

/** `from`, `from + step` and so on. */
export function evenly(length: number, step: number, from = 0, memory = OWN_MEMORY): Int32Array {
  const values = memory.int32(length);
  for (let i = 0; i < length; i++) values[i] = from + i * step;
  return values;
}

function areEqual(a: Int32Array, b: Int32Array): boolean {
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return a.length === b.length;
}
