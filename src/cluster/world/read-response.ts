/** What a response to a read of one object says. */
export interface ReadResponse {
  /** When the kubelet has the response, µs. */
  at: number;
  /** The object's newest revision in it, −1 for its state at the start of the simulation. */
  revision: number;
}
