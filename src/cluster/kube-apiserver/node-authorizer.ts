import type { Latencies } from '../world/latencies.js';
import { hasOwnManager } from '../model/kinds.js';
import { type Requests, ROW } from './requests.js';
import type { Population } from '../population/population.js';

/** From the arrival of a pod at its kubelet until the first request about its objects leaves (assumption). */
const KUBELET_HANDLING_US = 1e3;

/**
 * The node authorizer (`plugin/pkg/auth/authorizer/node`) and NodeRestriction (`plugin/pkg/admission/noderestriction`
 * admitServiceAccount), which go by the same pod informer. A kubelet may read an object that a pod bound to it
 * references, as far as the server's pod informer has seen. The informer and the kubelet's own pod watch are
 * watchers of the same event; where the kubelet's is the faster one, its first requests are answered 403. So is that for
 * a token of the pod, or 404 where another pod of the node has the same service account; which of them is not told apart.
 * Every kubelet
 * may read ClusterTrustBundles, and ask for certificates of its pods
 * (`plugin/pkg/auth/authorizer/rbac/bootstrappolicy/policy.go` NodeRules).
 */
export class NodeAuthorizer {
  /** Refused requests, until the graph knew the pod. */
  forbidden = 0;
  /** From when on the graph knows each entry's reference, µs. */
  private readonly knownFrom: Float64Array;
  /** From when on the informer knows each pod, µs. */
  private readonly podKnownFrom: Float64Array;

  constructor(
    private readonly population: Population,
    private readonly latencies: Latencies,
    private readonly enabled: boolean,
  ) {
    this.knownFrom = new Float64Array(enabled ? population.entryCount : 0).fill(-Infinity);
    this.podKnownFrom = new Float64Array(enabled ? population.podCount : 0).fill(-Infinity);
  }

  /** A kubelet learns of a pod that has not run before. `known`: entries that another pod of the node references already. */
  podArrives(pod: number, now: number, known: (entry: number) => boolean): void {
    if (!this.enabled) return;
    const { podConsumerStart, consumerEntry } = this.population;
    const from = now + this.latencies.authorizerLag(pod) - KUBELET_HANDLING_US;
    this.podKnownFrom[pod] = from;
    for (let c = podConsumerStart[pod]; c < podConsumerStart[pod + 1]; c++) {
      const entry = consumerEntry[c];
      if (!known(entry)) this.knownFrom[entry] = from;
    }
  }

  private isByInformer(entry: number): boolean {
    const { entryObject, objectKind } = this.population;
    return hasOwnManager(objectKind[entryObject[entry]]);
  }

  /** True where a kubelet's request is allowed at `now`. `graph`: the server has filled its graph since it started. */
  allows({ verb, subject }: Requests, request: number, now: number, graph: boolean): boolean {
    if (!this.enabled) return true;
    const about = subject[request];
    if (verb[request] === ROW.TOKEN_REQUEST) return this.knows(this.podKnownFrom[about], now, graph);
    return this.isByInformer(about) || this.knows(this.knownFrom[about], now, graph);
  }

  private knows(from: number, now: number, graph: boolean): boolean {
    if (graph && now >= from) return true;
    this.forbidden++;
    return false;
  }
}
