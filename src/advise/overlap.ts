import { boundsIn, type UpdateBounds } from '../cluster/kubelet/update-bound.js';
import type { ModelInput } from '../cluster/model/model-input.js';
import type { TopologyObject } from '../cluster/model/topology-file.js';
import { buildPopulation } from '../cluster/run/simulate.js';

/** For how long old and new content of an object have to be valid together. */
export interface Overlap {
  /** 0: no pod sees updates; null: there is no closed form. */
  readonly seconds: number | null;
  /** Why there is none; empty where there is one. */
  readonly reason: string;
}

const NONE: Overlap = { seconds: 0, reason: '' };

/** The bounds of updates in the cluster of an input: what `run` says of the same cluster, without a run. */
export class Overlaps {
  private readonly population;
  private readonly bounds: UpdateBounds;

  constructor(input: ModelInput) {
    this.population = buildPopulation(input);
    this.bounds = boundsIn(input, this.population);
  }

  /** That of an object. `updatablePods`: pods that see its updates. */
  of({ namespace, name, kind, missing, immutable }: TopologyObject, updatablePods: number): Overlap {
    if (updatablePods === 0 || missing === true || immutable === true) return NONE;
    const [object] = this.population.objectsOf(`${namespace}/${name}`, kind);
    return this.bounds.of(object, 0);
  }
}
