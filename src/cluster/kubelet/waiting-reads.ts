import type { KubeletParts } from './parts.js';
import type { PodStarts } from './pod-start.js';
import type { PodSyncs } from './pod-syncs.js';
import { CREATE_READ, PULL_SECRET_READ, TOKEN_READ, VOLUME_READ } from './reads.js';
import type { Reconciler } from './reconciler.js';

/** Reads of pods that wait for an answer, and how they go on when it comes. */
export class WaitingReads {
  /** Whether the last answer to a TokenRequest left the pod with a valid token. */
  private tokenValid = false;

  constructor(
    private readonly parts: KubeletParts,
    private readonly reconciler: Reconciler,
    private readonly syncs: PodSyncs,
    private readonly starts: PodStarts,
  ) {}

  /** A TokenRequest was answered, for which a volume's set-up waits. */
  tokenAnswered(request: number, read: number): void {
    this.tokenValid = this.parts.tokens.answered(request);
    this.resume(read);
  }

  /** The answer for which a read waited is in the manager's fields. */
  resume(read: number): void {
    const { world, pods, reads } = this.parts;
    const kind = reads.kind[read];
    const entity = reads.entity[read];
    const consumer = reads.consumer[read];
    const state = reads.state[read];
    const syncStart = reads.syncStart[read];
    const outdated = reads.incarnation[read] !== pods.incarnation[world.population.consumerPod[consumer]];
    reads.close(read);
    if (outdated) return;
    switch (kind) {
      case VOLUME_READ:
        this.reconciler.resume(entity, consumer, syncStart, state);
        return;
      case PULL_SECRET_READ:
        this.syncs.proceed(entity, consumer, state, world.sim.now, true);
        return;
      case CREATE_READ:
        this.starts.resume(entity, consumer, state);
        return;
      case TOKEN_READ:
        this.reconciler.resumeWithToken(entity, consumer, syncStart, state, this.tokenValid);
        return;
      default:
        throw new RangeError(`unknown kind of read ${kind}`);
    }
  }
}
