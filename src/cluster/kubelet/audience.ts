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

/** Who reads what of a cluster: what bounds depend on, counted once. */
export class Audiences {
  readonly busiest: BusiestNodes;

  /** `ttlUs`: TTL of cached objects by node. */
  constructor(
    private readonly population: Population,
    private readonly ttlUs: Float64Array,
  ) {
    this.busiest = busiestNodes(population);
  }

  /** Those that see updates of an object, of the pods that are there from the start. */
  of(object: number): Audience {
    const { population, ttlUs } = this;
    const { objectEntryStart, objectEntries, entryConsumerStart, entryConsumers, entryNode } = population;
    const { entryReaders, consumerFlags, consumerPod, podArrives, podPending } = population;
    const volumes = new Volumes(population);
    let [consumers, readers, longestTtlUs, shortestTtlUs] = [0, 0, 0, Infinity];
    for (let i = objectEntryStart[object]; i < objectEntryStart[object + 1]; i++) {
      const entry = objectEntries[i];
      const ttl = ttlUs[entryNode[entry]];
      for (let j = entryConsumerStart[entry]; j < entryConsumerStart[entry + 1]; j++) {
        const consumer = entryConsumers[j];
        if ((consumerFlags[consumer] & (READS | UPDATABLE)) !== (READS | UPDATABLE)) continue;
        if (podArrives[consumerPod[consumer]] === 1 || podPending[consumerPod[consumer]] === 1) continue;
        consumers++;
        readers = Math.max(readers, entryReaders[entry]);
        longestTtlUs = Math.max(longestTtlUs, ttl);
        shortestTtlUs = Math.min(shortestTtlUs, ttl);
        volumes.add(consumer);
      }
    }
    const { sources, objects, pullSecrets, misses } = volumes;
    return { consumers, readers, longestTtlUs, shortestTtlUs, sources, objects, pullSecrets, misses };
  }
}

/** The volumes through which consumers see an object. */
class Volumes {
  sources = 0;
  pullSecrets = 0;
  misses = false;
  readonly objects = new Set<number>();

  constructor(private readonly population: Population) {}

  /** Takes the volume of a consumer, and its pod, in. */
  add(consumer: number): void {
    const { consumerFlags, consumerObject, objectExists, consumerPod } = this.population;
    let c = consumer;
    while ((consumerFlags[c] & HEAD) === 0) c--;
    let sources = 0;
    for (; ; c++) {
      const flags = consumerFlags[c];
      if (flags & READS) {
        sources++;
        this.objects.add(consumerObject[c]);
        if (objectExists[consumerObject[c]] === 0 && (flags & OPTIONAL) === 0) this.misses = true;
      }
      if ((flags & CONTINUES) === 0) break;
    }
    this.sources = Math.max(this.sources, sources);
    this.pullSecrets = Math.max(this.pullSecrets, this.pullSecretsOf(consumerPod[consumer]));
  }

  private pullSecretsOf(pod: number): number {
    const { podConsumerStart, consumerMode } = this.population;
    let count = 0;
    for (let c = podConsumerStart[pod]; c < podConsumerStart[pod + 1]; c++) {
      if (consumerMode[c] === MODE.imagePullSecret) count++;
    }
    return count;
  }
}

function busiestNodes(population: Population): BusiestNodes {
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
