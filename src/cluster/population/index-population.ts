import { GrowableInt32 } from '../../sim/growable.js';
import { isStored, KIND } from '../model/kinds.js';
import { CONTINUES, groupBy, type Population, READS } from './population.js';

/** What sets a section apart from a whole cluster. */
type SectionColumns = Pick<Population, 'firstConsumer' | 'objectStored'>;

const WHOLE: SectionColumns = { firstConsumer: 0, objectStored: null };

/** The columns that a builder fills in; `indexPopulation` derives the rest. */
export type PopulationColumns = Omit<Population, keyof SectionColumns | keyof Links>;

/** What links nodes, pods, consumers, entries and objects. */
export type Links = Pick<
  Population,
  | 'consumerPod'
  | 'consumerEntry'
  | 'consumerRank'
  | 'longestVolume'
  | 'entryCount'
  | 'entryNode'
  | 'entryObject'
  | 'entryConsumerStart'
  | 'entryConsumers'
  | 'entryReaders'
  | 'nodeEntryStart'
  | 'objectEntryStart'
  | 'objectEntries'
  | 'objectConsumerCount'
>;

/**
 * Numbers the cache entries (each object once per node) and links entries, consumers and objects both ways.
 * @param section where the columns are of a section of a cluster
 * @param links where they are known: those of another section of the same shape
 */
export function indexPopulation(
  columns: PopulationColumns,
  section: SectionColumns = WHOLE,
  links: Links = linksOf(columns),
): Population {
  return inOrder(columns, section, links);
}

/** The columns that links are derived from. */
type LinkedColumns = Pick<
  Population,
  | 'nodeCount'
  | 'podCount'
  | 'objectCount'
  | 'consumerCount'
  | 'nodePodStart'
  | 'podConsumerStart'
  | 'consumerObject'
  | 'consumerFlags'
  | 'objectKind'
>;

/** What is derived from the columns. */
export function linksOf(columns: LinkedColumns): Links {
  const { objectCount, consumerFlags } = columns;
  const { consumerEntry, nodeEntryStart, entryObject } = numberEntries(columns);
  const entryCount = entryObject.length;
  const byEntry = groupBy(consumerEntry, entryCount);
  const byObject = groupBy(entryObject, objectCount);
  return {
    consumerPod: ownersOf(columns.podConsumerStart),
    consumerEntry,
    ...consumersByObject(byObject, byEntry),
    longestVolume: longestVolume(consumerFlags),
    entryCount,
    entryNode: ownersOf(nodeEntryStart),
    entryObject,
    entryConsumerStart: byEntry.start,
    entryConsumers: byEntry.members,
    entryReaders: readersByEntry(consumerEntry, consumerFlags, entryCount),
    nodeEntryStart,
    objectEntryStart: byObject.start,
    objectEntries: byObject.members,
  };
}

/** Whose each is where everybody's stand side by side: `start` tells where they begin, and at its end where the last ones end. */
function ownersOf(start: Int32Array): Int32Array {
  const last = start.length - 1;
  const owners = new Int32Array(start[last]);
  for (let owner = 0; owner < last; owner++) owners.fill(owner, start[owner], start[owner + 1]);
  return owners;
}

/** The cache entries, node by node: each object of a node's pods once, and what its kubelet keeps besides. */
function numberEntries(columns: LinkedColumns): Pick<Links, 'consumerEntry' | 'nodeEntryStart' | 'entryObject'> {
  const { nodeCount, objectCount, consumerCount, nodePodStart, podConsumerStart, objectKind } = columns;
  const entries: NumberedEntries = {
    consumerEntry: new Int32Array(consumerCount),
    objectEntry: new Int32Array(objectCount).fill(-1),
    entryObjects: new GrowableInt32(),
  };
  const { objectEntry, entryObjects, consumerEntry } = entries;
  const nodeEntryStart = new Int32Array(nodeCount + 1);
  const besides = keptBesides(objectKind);
  for (let node = 0; node < nodeCount; node++) {
    const firstEntry = entryObjects.length;
    nodeEntryStart[node] = firstEntry;
    const [from, to] = [podConsumerStart[nodePodStart[node]], podConsumerStart[nodePodStart[node + 1]]];
    numberEntriesOfNode(columns, from, to, entries);
    for (const object of besides) if (objectEntry[object] < firstEntry) entryObjects.push(object);
  }
  nodeEntryStart[nodeCount] = entryObjects.length;
  return { consumerEntry, nodeEntryStart, entryObject: entryObjects.view().slice() };
}

/** Entries by consumer and by object (−1, or one of a node before: none yet), and their objects. */
interface NumberedEntries {
  readonly consumerEntry: Int32Array;
  readonly objectEntry: Int32Array;
  readonly entryObjects: GrowableInt32;
}

/** Those of a node, whose consumers are those from `from` to `to` (exclusive). */
function numberEntriesOfNode(
  { consumerObject, objectKind }: LinkedColumns,
  from: number,
  to: number,
  { consumerEntry, objectEntry, entryObjects }: NumberedEntries,
): void {
  const firstEntry = entryObjects.length;
  for (let consumer = from; consumer < to; consumer++) {
    const object = consumerObject[consumer];
    let entry = objectEntry[object];
    // What the API servers do not hold no kubelet keeps for several pods.
    if (entry < firstEntry || !isStored(objectKind[object])) {
      entry = entryObjects.length;
      objectEntry[object] = entry;
      entryObjects.push(object);
    }
    consumerEntry[consumer] = entry;
  }
}

/** Objects that kubelets keep for whoever may come: all ClusterTrustBundles, and one entry for all requests for certificates. */
function keptBesides(objectKind: Uint8Array): readonly number[] {
  const kept: number[] = [];
  for (let object = 0; object < objectKind.length; object++) {
    if (objectKind[object] === KIND.ClusterTrustBundle) kept.push(object);
  }
  const anyRequest = objectKind.indexOf(KIND.PodCertificateRequest);
  return anyRequest < 0 ? kept : [...kept, anyRequest];
}

/** All columns, written out: engines are fast where populations have their fields in one order, which spreading does not give. */
function inOrder(columns: PopulationColumns, section: SectionColumns, links: Links): Population {
  return {
    firstConsumer: section.firstConsumer,
    nodeCount: columns.nodeCount,
    podCount: columns.podCount,
    objectCount: columns.objectCount,
    consumerCount: columns.consumerCount,
    entryCount: links.entryCount,
    nodePodStart: columns.nodePodStart,
    nodeEntryStart: links.nodeEntryStart,
    nodeNameHigh: columns.nodeNameHigh,
    nodeNameLow: columns.nodeNameLow,
    nodeTtlSeconds: columns.nodeTtlSeconds,
    nodeArrives: columns.nodeArrives,
    podNode: columns.podNode,
    podNameHigh: columns.podNameHigh,
    podNameLow: columns.podNameLow,
    podDeployment: columns.podDeployment,
    deploymentCount: columns.deploymentCount,
    podPending: columns.podPending,
    podStartsAfter: columns.podStartsAfter,
    podArrives: columns.podArrives,
    podConsumerStart: columns.podConsumerStart,
    consumerPod: links.consumerPod,
    consumerObject: columns.consumerObject,
    consumerEntry: links.consumerEntry,
    consumerMode: columns.consumerMode,
    consumerFlags: columns.consumerFlags,
    consumerRank: links.consumerRank,
    longestVolume: links.longestVolume,
    entryNode: links.entryNode,
    entryObject: links.entryObject,
    entryConsumerStart: links.entryConsumerStart,
    entryConsumers: links.entryConsumers,
    entryReaders: links.entryReaders,
    objectEntryStart: links.objectEntryStart,
    objectEntries: links.objectEntries,
    objectConsumerCount: links.objectConsumerCount,
    objectClass: columns.objectClass,
    objectKind: columns.objectKind,
    objectSize: columns.objectSize,
    objectImmutable: columns.objectImmutable,
    objectSelectedBy: columns.objectSelectedBy,
    objectExists: columns.objectExists,
    objectArrives: columns.objectArrives,
    objectTrigger: columns.objectTrigger,
    objectNameHigh: columns.objectNameHigh,
    objectNameLow: columns.objectNameLow,
    objectStored: section.objectStored,
    classNames: columns.classNames,
    lifecycle: columns.lifecycle,
    objectsOf: columns.objectsOf,
    nodeName: columns.nodeName,
    podName: columns.podName,
    podOwner: columns.podOwner,
    nodePool: columns.nodePool,
    objectName: columns.objectName,
  };
}

/** Numbers the consumers of each object, entry by entry. */
function consumersByObject(
  byObject: ReturnType<typeof groupBy>,
  byEntry: ReturnType<typeof groupBy>,
): Pick<Population, 'consumerRank' | 'objectConsumerCount'> {
  const objects = byObject.start.length - 1;
  const consumerRank = new Int32Array(byEntry.members.length);
  const objectConsumerCount = new Int32Array(objects);
  for (let object = 0; object < objects; object++) {
    let rank = 0;
    for (let i = byObject.start[object]; i < byObject.start[object + 1]; i++) {
      const entry = byObject.members[i];
      for (let j = byEntry.start[entry]; j < byEntry.start[entry + 1]; j++) consumerRank[byEntry.members[j]] = rank++;
    }
    objectConsumerCount[object] = rank;
  }
  return { consumerRank, objectConsumerCount };
}

function readersByEntry(consumerEntry: Int32Array, flags: Uint8Array, entries: number): Int32Array {
  const readers = new Int32Array(entries);
  for (let consumer = 0; consumer < flags.length; consumer++) {
    if (flags[consumer] & READS) readers[consumerEntry[consumer]]++;
  }
  return readers;
}

function longestVolume(flags: Uint8Array): number {
  let longest = 1;
  let length = 1;
  // Sections have many shapes: engines go over places sooner than through an iterator.
  for (let consumer = 0; consumer < flags.length; consumer++) {
    length = flags[consumer] & CONTINUES ? length + 1 : 1;
    if (length > longest) longest = length;
  }
  return longest;
}
