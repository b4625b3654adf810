import type { Etcd } from '../etcd/etcd.js';
import { MODE } from '../model/kinds.js';
import { CONTINUES, HEAD, OPTIONAL, type Population, READS, UPDATABLE } from '../population/population.js';

/** Those that see updates of an object without a restart, as far as a bound depends on them. */
export interface Audience {
  /** How many they are. */
  readonly consumers: number;
  /** The longest and the shortest TTL of their nodes, µs. */
  readonly longestTtlUs: number;
  readonly shortestTtlUs: number;
  /** Reads of the object by the pods of one node, at the most. */
  readonly readers: number;
  /** Sources of the volume with the most of them, and the objects of all their volumes. */
  readonly sources: number;
  readonly objects: ReadonlySet<number>;
  /** imagePullSecrets of the pod with the most of them. */
  readonly pullSecrets: number;
  /** True where a volume of theirs cannot be set up, because a required object is missing. */
  readonly misses: boolean;
}

/** The nodes with the most of something. */
export interface BusiestNodes {
  readonly entries: number;
  readonly reads: number;
  /** Pods' reads of one object on a node. */
  readonly readersPerEntry: number;
}

/** What is known of an audience so far. */
interface Counted {
  consumers: number;
  readers: number;
  longestTtlUs: number;
  shortestTtlUs: number;
  readonly volumes: Volumes;
}

/** What a section tells of those that see an object, but for the TTLs of their nodes: in all runs of its cluster the same. */
interface Seen {
  readonly consumers: number;
  readonly readers: number;
  /** Their volumes; objects by their numbers in the section. */
  readonly volumes: Volumes;
  /** Their nodes. */
  readonly nodes: ReadonlySet<number>;
}

/** What sections tell that have been looked at, by object; those of one shape have in common what it depends on. */
const seenIn = new WeakMap<Int32Array, Map<number, Seen>>();
const busiestOf = new WeakMap<Int32Array, BusiestNodes>();

/** What some nodes tell of a run's audiences, to be added to what others tell. */
export interface AudiencesPart {
  readonly busiest: BusiestNodes;
  readonly audiences: readonly (readonly [object: number, audience: Audience])[];
}

/** What bounds depend on. Objects by their number among those that are stored. */
export interface KnownAudiences {
  /** The nodes with the most of something. */
  readonly busiest: BusiestNodes;
  /** Those that see updates of an object. */
  of(object: number): Audience;
}

/** Those of a cluster that has been built, each looked at when it is asked for. */
export class AudiencesOnDemand implements KnownAudiences {
  readonly busiest: BusiestNodes;
  private readonly known = new Audiences();
  private readonly looked = new Set<number>();

  /** `ttlUs`: TTL of cached objects by node. */
  constructor(
    private readonly population: Population,
    private readonly ttlUs: Float64Array,
  ) {
    this.busiest = busiestNodes(population);
  }

  of(object: number): Audience {
    if (!this.looked.has(object)) this.known.addAudience(this.population, object, this.ttlUs);
    this.looked.add(object);
    return this.known.of(object);
  }
}

/** Those of a run's updates, counted section by section. */
export class Audiences implements KnownAudiences {
  private most: BusiestNodes = { entries: 0, reads: 0, readersPerEntry: 0 };
  private readonly counted = new Map<number, Counted>();

  get busiest(): BusiestNodes {
    return this.most;
  }

  /** Takes the nodes of a section in: those that see updates, of the pods that are there from the start. `ttlUs`: by node. */
  add(population: Population, etcd: Etcd, ttlUs: Float64Array): void {
    this.most = mostOf(this.most, busiestNodes(population));
    const seen = new Set<number>();
    etcd.eachUpdate((update) => {
      seen.add(etcd.updateAudience[update]);
    });
    for (const object of seen) this.addAudience(population, object, ttlUs);
  }

  of(object: number): Audience {
    return audienceOf(this.counterOf(object));
  }

  /** What has been added so far. */
  part(): AudiencesPart {
    return {
      busiest: this.most,
      audiences: [...this.counted].map(([object, counted]) => [object, audienceOf(counted)]),
    };
  }

  /** Adds what other nodes tell. */
  absorb({ busiest, audiences }: AudiencesPart): void {
    this.most = mostOf(this.most, busiest);
    for (const [object, audience] of audiences) {
      const counted = this.counterOf(object);
      counted.consumers += audience.consumers;
      counted.readers = Math.max(counted.readers, audience.readers);
      counted.longestTtlUs = Math.max(counted.longestTtlUs, audience.longestTtlUs);
      counted.shortestTtlUs = Math.min(counted.shortestTtlUs, audience.shortestTtlUs);
      counted.volumes.absorb(audience);
    }
  }

  /** Takes those in that see updates of an object of a section. */
  addAudience(population: Population, object: number, ttlUs: Float64Array): void {
    const { objectStored } = population;
    const { consumers, readers, volumes, nodes } = seen(population, object);
    const { sources, pullSecrets, misses, objects } = volumes;
    const counted = this.counterOf(objectStored === null ? object : objectStored[object]);
    counted.consumers += consumers;
    counted.readers = Math.max(counted.readers, readers);
    counted.volumes.absorb({ sources, pullSecrets, misses, objects: storedOf(objects, objectStored) });
    for (const node of nodes) {
      counted.longestTtlUs = Math.max(counted.longestTtlUs, ttlUs[node]);
      counted.shortestTtlUs = Math.min(counted.shortestTtlUs, ttlUs[node]);
    }
  }

  private counterOf(object: number): Counted {
    let counted = this.counted.get(object);
    if (counted === undefined) {
      counted = { consumers: 0, readers: 0, longestTtlUs: 0, shortestTtlUs: Infinity, volumes: new Volumes() };
      this.counted.set(object, counted);
    }
    return counted;
  }
}

function audienceOf({ volumes, ...counted }: Counted): Audience {
  const { sources, objects, pullSecrets, misses } = volumes;
  return { ...counted, sources, objects, pullSecrets, misses };
}

/** Those of a section that see updates of an object. */
function seen(population: Population, object: number): Seen {
  const { consumerObject } = population;
  let ofSection = seenIn.get(consumerObject);
  if (ofSection === undefined) seenIn.set(consumerObject, (ofSection = new Map<number, Seen>()));
  let known = ofSection.get(object);
  if (known === undefined) ofSection.set(object, (known = lookFor(population, object)));
  return known;
}

function lookFor(population: Population, object: number): Seen {
  const { objectEntryStart, objectEntries, entryConsumerStart, entryConsumers, entryNode } = population;
  const { entryReaders, consumerFlags, consumerPod, podArrives, podPending } = population;
  const volumes = new Volumes();
  const nodes = new Set<number>();
  let [consumers, readers] = [0, 0];
  for (let i = objectEntryStart[object]; i < objectEntryStart[object + 1]; i++) {
    const entry = objectEntries[i];
    const before = consumers;
    for (let j = entryConsumerStart[entry]; j < entryConsumerStart[entry + 1]; j++) {
      const consumer = entryConsumers[j];
      if ((consumerFlags[consumer] & (READS | UPDATABLE)) !== (READS | UPDATABLE)) continue;
      if (podArrives[consumerPod[consumer]] === 1 || podPending[consumerPod[consumer]] === 1) continue;
      consumers++;
      volumes.add(population, consumer);
    }
    if (consumers === before) continue;
    readers = Math.max(readers, entryReaders[entry]);
    nodes.add(entryNode[entry]);
  }
  return { consumers, readers, volumes, nodes };
}

/** Objects of a section that a run may write, by their numbers among those that are stored; `stored`: null where these are the same. */
function storedOf(objects: ReadonlySet<number>, stored: Int32Array | null): ReadonlySet<number> {
  if (stored === null) return objects;
  return new Set([...objects].map((object) => stored[object]).filter((number) => number >= 0));
}

/** The volumes through which consumers see an object. */
class Volumes {
  sources = 0;
  pullSecrets = 0;
  misses = false;
  /** All objects in them. */
  readonly objects = new Set<number>();

  /** Takes the volume of a consumer, and its pod, in. */
  add(population: Population, consumer: number): void {
    const { consumerFlags, consumerObject, objectExists, consumerPod } = population;
    let c = consumer;
    while ((consumerFlags[c] & HEAD) === 0) c--;
    let sources = 0;
    for (; ; c++) {
      const flags = consumerFlags[c];
      if (flags & READS) {
        sources++;
        const object = consumerObject[c];
        this.objects.add(object);
        if (objectExists[object] === 0 && (flags & OPTIONAL) === 0) this.misses = true;
      }
      if ((flags & CONTINUES) === 0) break;
    }
    this.sources = Math.max(this.sources, sources);
    this.pullSecrets = Math.max(this.pullSecrets, pullSecretsOf(population, consumerPod[consumer]));
  }

  /** Takes volumes in that somebody else has looked at. */
  absorb({
    sources,
    pullSecrets,
    misses,
    objects,
  }: Pick<Audience, 'sources' | 'pullSecrets' | 'misses' | 'objects'>): void {
    this.sources = Math.max(this.sources, sources);
    this.pullSecrets = Math.max(this.pullSecrets, pullSecrets);
    this.misses ||= misses;
    for (const object of objects) this.objects.add(object);
  }
}

function pullSecretsOf({ podConsumerStart, consumerMode }: Population, pod: number): number {
  let count = 0;
  for (let c = podConsumerStart[pod]; c < podConsumerStart[pod + 1]; c++) {
    if (consumerMode[c] === MODE.imagePullSecret) count++;
  }
  return count;
}

function mostOf(a: BusiestNodes, b: BusiestNodes): BusiestNodes {
  return {
    entries: Math.max(a.entries, b.entries),
    reads: Math.max(a.reads, b.reads),
    readersPerEntry: Math.max(a.readersPerEntry, b.readersPerEntry),
  };
}

function busiestNodes(population: Population): BusiestNodes {
  const { consumerObject } = population;
  let known = busiestOf.get(consumerObject);
  if (known === undefined) busiestOf.set(consumerObject, (known = lookForBusiest(population)));
  return known;
}

function lookForBusiest(population: Population): BusiestNodes {
  const { nodeCount, nodeEntryStart, entryReaders } = population;
  let [entries, reads, readersPerEntry] = [0, 0, 0];
  for (let node = 0; node < nodeCount; node++) {
    let ofNode = 0;
    for (let entry = nodeEntryStart[node]; entry < nodeEntryStart[node + 1]; entry++) {
      ofNode += entryReaders[entry];
      readersPerEntry = Math.max(readersPerEntry, entryReaders[entry]);
    }
    reads = Math.max(reads, ofNode);
    entries = Math.max(entries, nodeEntryStart[node + 1] - nodeEntryStart[node]);
  }
  return { entries, reads, readersPerEntry };
}
