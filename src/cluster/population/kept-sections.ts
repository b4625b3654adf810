import type { ClusterFacts, NodeSource, StoredObjects } from './node-source.js';
import type { Population } from './population.js';
import type { SecretExposure } from './secret-exposure.js';

/** Consumers of a cluster whose sections are worth their memory: they take some 60 bytes each. */
const MOST_CONSUMERS = 1e6;

/** A cluster small enough that its sections are kept, for the replications that come. */
export class KeptSections implements NodeSource {
  private readonly sections = new Map<string, Population>();

  private constructor(private readonly source: NodeSource) {}

  /** The cluster, with its sections kept where it is small. */
  static of(source: NodeSource): NodeSource {
    return source.facts.consumerCount <= MOST_CONSUMERS ? new KeptSections(source) : source;
  }

  get facts(): ClusterFacts {
    return this.source.facts;
  }

  get objects(): StoredObjects {
    return this.source.objects;
  }

  get exposure(): SecretExposure {
    return this.source.exposure;
  }

  get whole(): Population | null {
    return this.source.whole;
  }

  section(first: number, last: number): Population {
    const key = `${first}-${last}`;
    const section = this.sections.get(key) ?? this.source.section(first, last);
    this.sections.set(key, section);
    return section;
  }
}
