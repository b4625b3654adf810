/**
 * The core on which each node's client works on its connections: one thing after another, in the order in which they
 * come up, as goroutines that are ready to run wait in one queue.
 */
export class ClientCores {
  /** When each is free, µs. */
  private readonly freeAt: Float64Array;

  /** `one`: a single core for the clients of all nodes. */
  constructor(
    nodes: number,
    private readonly one: boolean,
  ) {
    this.freeAt = new Float64Array(one ? 1 : nodes);
  }

  /** A node's client has something to do from `since` on that takes `us`; returns when it is done, µs. */
  work(node: number, since: number, us: number): number {
    const core = this.one ? 0 : node;
    const done = Math.max(since, this.freeAt[core]) + us;
    this.freeAt[core] = done;
    return done;
  }
}
