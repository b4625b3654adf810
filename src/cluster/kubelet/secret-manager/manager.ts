import type { Simulator } from '../../../sim/simulator.js';
import type { Reads } from '../reads.js';
import type { Requests } from '../../kube-apiserver/requests.js';
import type { RestClient } from '../../client-go/rest-client.js';

/** Content numbers that `get` reports besides those of real content. */
export const NOT_FOUND = 0;
export const FAILED = -1;
/** The answer is still to come: it will be handed to those who `wait`. */
export const PENDING = -2;

/** What a manager needs where answers have to be waited for. */
export interface Waits {
  readonly sim: Simulator;
  readonly reads: Reads;
  readonly requests: Requests;
  readonly client: RestClient;
  /** Goes on with a read whose answer is in the manager's fields. */
  readonly resume: (read: number) => void;
}

/**
 * The kubelet's Secret and ConfigMap managers (`pkg/kubelet/{secret,configmap}`, `pkg/kubelet/util/manager`)
 * under one strategy. `get` answers in fields, so that the hot path allocates nothing.
 */
export abstract class ObjectManager {
  /** Present where answers have to be waited for. */
  waits: Waits | null = null;
  /** When the last `get` returned, µs. */
  doneAt = 0;
  /** Content number that the last `get` returned; NOT_FOUND, FAILED where there was no answer, or PENDING. */
  content = 0;
  /** Revision that the last `get` returned. */
  revision = -1;

  /** Gives the entries from `first` to `last` (exclusive) the state of a node that has just come up. */
  abstract initialize(first: number, last: number): void;

  /** A pod of the node begins to reference the entry's object. */
  abstract register(entry: number, now: number): void;

  /** Brings an entry into the state of long operation. `readers`: consumers that read it at every sync. */
  abstract startStationary(entry: number, now: number, readers: number): void;

  /** Drops what is cached, so that the next `get` fetches. */
  abstract invalidate(entry: number, now: number): void;

  /** Reads the entry's object at `at`. */
  abstract get(entry: number, at: number): void;

  /**
   * Reads the entry's object at `at` where it is certain before that it is the content `shown` again; `doneAt` says
   * when it was read. False where only `get` can tell, and nothing was done.
   */
  abstract finds(entry: number, at: number, shown: number): boolean;

  /** Hands the next answer about the entry's object to a read that `get` left PENDING. */
  abstract wait(entry: number, read: number): void;

  /** A GET of the manager has been answered. */
  abstract answered(request: number): void;

  /** A waiting read of that generation looks again, or gives up. */
  abstract readDue(read: number, generation: number): void;

  /** No pod of the node references the entry's object any more. */
  abstract release(entry: number, now: number): void;

  /**
   * The first instant from which every read of the entry by this kubelet returns `revision` (or a later
   * one), for a revision that a read has returned.
   */
  abstract readyAt(entry: number, revision: number): number;
}
