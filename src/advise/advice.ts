import type { JudgedObject } from './judged-objects.js';
import type { Reason } from './reasons.js';
import type { WatchCosts } from './watch-costs.js';

/** Which objects of a cluster to mark immutable, and what that saves. */
export interface Advice {
  readonly cluster: {
    readonly nodes: number;
    readonly pods: number;
    readonly objects: number;
    readonly kubeletRelease: string | null;
    readonly apiServers: number;
    /** False: their number is an assumption. */
    readonly apiServersSeen: boolean;
    readonly strategy: string;
    /** `1m` */
    readonly syncFrequency: string;
    /** The newest time in the dump, ISO 8601; null where it tells none. */
    readonly newestTime: string | null;
  };
  /** What all watches cost that kubelets hold open now. */
  readonly now: WatchCosts;
  /** What marking saves of that. */
  readonly saved: WatchCosts;
  /** Watches that kubelets would hold open under Watch, and those that marking so many objects would save. */
  readonly underWatch: { readonly open: number; readonly objects: number; readonly saved: number };
  /** Those to mark first, in the order of what they save; then the others, in the order of their watches. */
  readonly objects: readonly JudgedObject[];
  readonly excluded: readonly ExcludedObjects[];
  /** Paths of the files written. */
  readonly files: readonly string[];
  /** What the user has to know, one sentence each. */
  readonly warnings: readonly string[];
}

/** Objects that are left alone for one reason. */
export interface ExcludedObjects {
  readonly reason: Reason;
  /** What the reason means. */
  readonly why: string;
  readonly objects: number;
  /** Watches that kubelets hold open for them. */
  readonly watches: number;
}
