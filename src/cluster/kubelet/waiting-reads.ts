import type { Kubelet } from './kubelet.js';
import { CREATE_READ, PULL_SECRET_READ, type Reads, TOKEN_READ, VOLUME_READ } from './reads.js';

/** Reads of pods that wait for an answer, and how they go on when it comes. */
export class WaitingReads {
  /** Whether the last answer to a TokenRequest left the pod with a valid token. */
  private tokenValid = false;

  constructor(
    private readonly kubelet: Kubelet,
    private readonly reads: Reads,
  ) {}

  /** A read of a pod waits from `at` on for the answer about a consumer's object. */
  open(kind: number, pod: number, consumer: number, state: number, at: number): void {
    const { manager, population, incarnation } = this.kubelet.parts;
    manager.wait(
      population.consumerEntry[consumer],
      this.reads.open(kind, pod, consumer, state, 0, at, incarnation[pod]),
    );
  }

  /** A TokenRequest was answered, for which a volume's set-up waits. */
  tokenAnswered(request: number, read: number): void {
    this.tokenValid = this.kubelet.parts.tokens?.answered(request) === true;
    this.resume(read);
  }

  /** The answer for which a read waited is in the manager's fields. */
  resume(read: number): void {
    const { kubelet, reads } = this;
    const { population, incarnation, sim } = kubelet.parts;
    const kind = reads.kind.get(read);
    const entity = reads.entity.get(read);
    const consumer = reads.consumer.get(read);
    const state = reads.state.get(read);
    const syncStart = reads.syncStart.get(read);
    const outdated = reads.incarnation.get(read) !== incarnation[population.consumerPod[consumer]];
    reads.close(read);
    if (outdated) return;
    switch (kind) {
      case VOLUME_READ:
        kubelet.reconciler.resume(entity, consumer, syncStart, state);
        return;
      case PULL_SECRET_READ:
        kubelet.proceedSync(entity, consumer, state, sim.now, true);
        return;
      case CREATE_READ:
        kubelet.starts.resume(entity, consumer, state);
        return;
      case TOKEN_READ:
        kubelet.reconciler.resumeWithToken(entity, consumer, syncStart, state, this.tokenValid);
        return;
      default:
        throw new RangeError(`unknown kind of read ${kind}`);
    }
  }
}
