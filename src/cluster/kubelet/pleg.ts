import { SECOND_US } from '../../sim/units.js';
import type { World } from '../world/world.js';

/** `genericPlegRelistPeriod` (`pkg/kubelet/kubelet.go`): how soon the kubelet sees that a container started. */
const GENERIC_PLEG_RELIST_PERIOD_US = SECOND_US;

/** No relist. */
export const NO_RELIST = Infinity;

/**
 * The generic PLEG (`pkg/kubelet/pleg/generic.go`): it looks at the containers of all pods once a second; from 1.36 on
 * also at the pod of a sync that has just done something, without waiting (RequestRelist; that this takes no time is an
 * assumption). A sandbox and a container that have started are two events, each of them an update for the pod's worker.
 *
 * What becomes of two updates (`pkg/kubelet/pod_workers.go` UpdatePod): up to 1.26 the first is handed over and the
 * second waits behind it; from 1.27 on the worker takes whatever is pending when it comes to it, which is the last, so
 * that two that come together are one sync (95 % of the starts in `experiments/laboratory/data`; here: all). They do not
 * come together where a relist falls between the start of the sandbox and the end of its sync: the sandbox's update is
 * pending then when the sync ends, and the container's comes behind it.
 */
export class Pleg {
  constructor(private readonly world: World) {}

  /** The first relist of all pods of a node at or after a time, µs. */
  relistFrom(node: number, time: number): number {
    const { population, random } = this.world;
    const draw = random.podStart.uniform(population.nodeNameHigh[node], population.nodeNameLow[node], 0);
    const phase = Math.floor(draw * GENERIC_PLEG_RELIST_PERIOD_US);
    return phase + Math.ceil((time - phase) / GENERIC_PLEG_RELIST_PERIOD_US) * GENERIC_PLEG_RELIST_PERIOD_US;
  }

  /** When the PLEG sees that a container runs that a sync has started at `started`: so begins the first sync of the running pod. */
  seesRunning(node: number, started: number): number {
    return this.world.input.behaviours.plegOnDemandRelist ? started : this.relistFrom(node, started);
  }

  /**
   * When the second sync of a running pod begins, if there is one: it waits for a relist of all pods newer than the end
   * of the first (podCache.GetNewerThan), which begins at `first`.
   * @param begun start of the sync that started the container
   * @param sandbox when its sandbox started, in that sync or in one before
   */
  secondSync(node: number, begun: number, sandbox: number, started: number, first: number): number {
    const { behaviours, kubelet } = this.world.input;
    const seen = this.relistFrom(node, sandbox);
    // A sandbox of a sync before that has been seen has had its sync.
    if (seen < begun) return NO_RELIST;
    const together = seen >= started;
    if (together && behaviours.pendingUpdate === 'replaced') return NO_RELIST;
    return this.relistFrom(node, behaviours.plegOnDemandRelist ? first + kubelet.syncPodDurationUs : first + 1);
  }
}
