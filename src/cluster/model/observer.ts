/**
 * Sees what a run does at the API servers as it happens, where requests are events (`apiServer.capacity` is a number,
 * or servers restart). Times in µs since the start of the measured period.
 */
export interface Observer {
  /**
   * A kubelet has the answer to a request for an object.
   * @param verb GET, LIST or WATCH of `verbs.ts`
   * @param entry the cache entry: a node and an object
   * @param initial true for a WATCH that was to begin with the initial state
   * @param status OK and the others of `kube-apiserver/requests.ts`
   */
  answered(verb: number, entry: number, quorum: boolean, initial: boolean, status: number, at: number): void;
  /** The watch of an entry is over, for whatever reason; `asked`: when the request for it reached its server. */
  watchEnded(entry: number, asked: number, from: number, to: number): void;
}

/** Sees nothing. */
export const NOBODY: Observer = {
  answered: () => undefined,
  watchEnded: () => undefined,
};
