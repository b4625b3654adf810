/** Content numbers that `get` reports besides those of real content. */
export const NOT_FOUND = 0;
export const FAILED = -1;

/**
 * The kubelet's Secret and ConfigMap managers (`pkg/kubelet/{secret,configmap}`, `pkg/kubelet/util/manager`)
 * under one strategy. `get` answers in fields, so that the hot path allocates nothing.
 */
export abstract class ObjectManager {
  /** When the last `get` returned, µs. */
  doneAt = 0;
  /** Content number that the last `get` returned; NOT_FOUND, or FAILED where it timed out. */
  content = 0;
  /** Revision that the last `get` returned. */
  revision = -1;

  /** A pod of the node begins to reference the entry's object. */
  abstract register(entry: number, now: number): void;

  /** Brings an entry into the state of long operation. `readers`: consumers that read it at every sync. */
  abstract startStationary(entry: number, now: number, readers: number): void;

  /** Drops what is cached, so that the next `get` fetches. */
  abstract invalidate(entry: number, now: number): void;

  /** Reads the entry's object at `at`. */
  abstract get(entry: number, at: number): void;

  /**
   * The first instant from which every read of the entry by this kubelet returns `revision` (or a later
   * one), for a revision that a read has returned.
   */
  abstract readyAt(entry: number, revision: number): number;
}
