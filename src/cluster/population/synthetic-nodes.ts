import { type Memory, OWN_MEMORY } from '../../sim/memory.js';
import type { SyntheticCluster } from '../model/model-input.js';
import type { TimelineAction } from '../model/timeline-actions.js';
import type { ClusterFacts, NodeSource, StoredObjects } from './node-source.js';
import type { Population } from './population.js';
import type { SecretExposure } from './secret-exposure.js';
import {
  exposureOfCounts,
  factsOfCounts,
  sectionClasses,
  type SectionClass,
  storedObjects,
} from './synthetic-classes.js';
import { SyntheticLayout } from './synthetic-layout.js';
import { SyntheticSections } from './synthetic-section.js';

/**
 * A cluster that is made from counts, whose pods stay where they are: no part of it is built but the section that is
 * asked for. It is the cluster that `buildSyntheticCluster` builds as a whole.
 */
export class SyntheticNodes implements NodeSource {
  readonly whole = null;
  readonly facts: ClusterFacts;
  readonly objects: StoredObjects;
  private readonly layout: SyntheticLayout;
  private readonly classes: readonly SectionClass[];
  private readonly sections: SyntheticSections;
  private known: SecretExposure | null = null;

  constructor(cluster: SyntheticCluster, seed: string, timeline: readonly TimelineAction[]) {
    this.layout = new SyntheticLayout(cluster);
    this.classes = sectionClasses(cluster, this.layout, seed, timeline);
    this.objects = storedObjects(this.classes, this.layout);
    this.facts = factsOfCounts(this.layout, this.classes);
    this.sections = new SyntheticSections(this.layout, this.classes, this.objects);
  }

  get exposure(): SecretExposure {
    return (this.known ??= exposureOfCounts(this.layout, this.classes));
  }

  section(first: number, last: number, memory: Memory = OWN_MEMORY): Population {
    return this.sections.of(first, last, memory);
  }
}
