import { SECOND_US } from '../../sim/units.js';

/** `imageBackOffPeriod` and `MaxImageBackOff` (`pkg/kubelet/kubelet.go`; up to 1.30 `backOffPeriod` and `MaxContainerBackOff`, the same values). */
const IMAGE_BACK_OFF_PERIOD_US = 10 * SECOND_US;
const MAX_IMAGE_BACK_OFF_US = 300 * SECOND_US;

/** The last pull of a pod's image, which failed. */
interface FailedPull {
  readonly at: number;
  readonly backOffUs: number;
}

/**
 * Pulls of private images (`pkg/kubelet/images/image_manager.go` EnsureImageExists): one without the credentials that it
 * needs fails (ErrImagePull), and until its back-off is over no other is tried (ImagePullBackOff), whatever credentials
 * there are by then. Assumptions: a pod has one image, which is not on its node yet, and a pull takes no time.
 */
export class ImageManager {
  private readonly failed = new Map<number, FailedPull>();

  /** Pulls the image of a pod at `at`; false where that fails, or is not tried. */
  pull(pod: number, at: number, hasCredentials: boolean): boolean {
    const last = this.failed.get(pod);
    if (last !== undefined && at - last.at < last.backOffUs) return false;
    if (hasCredentials) {
      this.failed.delete(pod);
      return true;
    }
    const backOffUs =
      last === undefined ? IMAGE_BACK_OFF_PERIOD_US : Math.min(2 * last.backOffUs, MAX_IMAGE_BACK_OFF_US);
    this.failed.set(pod, { at, backOffUs });
    return false;
  }

  /** The kubelet forgets a pod. */
  forget(pod: number): void {
    this.failed.delete(pod);
  }
}
