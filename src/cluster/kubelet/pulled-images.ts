import type { DurationLaw } from '../../sim/distributions.js';
import { latencyLaw } from '../model/latency.js';
import { MODE } from '../model/kinds.js';
import type { World } from '../world/world.js';

/**
 * The kubelet's records of pulled images (`pkg/kubelet/images/pullmanager`, gate KubeletEnsureSecretPulledImages, beta ≥1.35,
 * KEP-2535): with imagePullPolicy IfNotPresent, an image that is on the node may be used by a pod whose credentials it was
 * pulled with; with others, the registry is asked first, and the credentials join the record. A rotation of a pull secret
 * so makes the next start on each node ask once for each image. Records are on disk and outlive the kubelet.
 *
 * Assumptions: a Deployment has one image; images stay on their nodes; of several pull secrets the last one counts.
 */
export class PulledImages {
  /** Content of the pull secret that each image on each node was last checked with, by node and Deployment. */
  private readonly records = new Map<number, number>();
  private readonly latency: DurationLaw | null;

  constructor(private readonly world: World) {
    const registry = world.input.operators?.pulledImages?.registry;
    this.latency = registry === undefined ? null : latencyLaw(registry);
  }

  /** A pod has been running for long: its image is on its node. */
  runsForLong(pod: number): void {
    const { podConsumerStart, consumerMode, consumerObject, objectExists, podDeployment } = this.world.population;
    if (this.latency === null || podDeployment[pod] < 0) return;
    for (let c = podConsumerStart[pod]; c < podConsumerStart[pod + 1]; c++) {
      if (consumerMode[c] === MODE.imagePullSecret) this.records.set(this.keyOf(pod), objectExists[consumerObject[c]]);
    }
  }

  /** The image of a pod is ensured, with its pull secret's content, from `at` on; returns when it may be used, µs. */
  ensure(pod: number, content: number, at: number): number {
    const { population, random, operatorLoad } = this.world;
    if (this.latency === null || content <= 0 || population.podDeployment[pod] < 0) return at;
    const key = this.keyOf(pod);
    const known = this.records.get(key);
    this.records.set(key, content);
    // An image that is not there is pulled, which asks the registry in any case.
    if (known === undefined || known === content) return at;
    operatorLoad.registryChecks.count(at);
    const { podNameHigh, podNameLow } = population;
    return at + this.latency.at(random.registry.uniform(podNameHigh[pod], podNameLow[pod], 0));
  }

  private keyOf(pod: number): number {
    const { podNode, podDeployment, deploymentCount } = this.world.population;
    return podNode[pod] * deploymentCount + podDeployment[pod];
  }
}
