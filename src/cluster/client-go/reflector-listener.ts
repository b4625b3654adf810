/** Told of what reflectors learn: the manager that keeps the local copies. */
export interface ReflectorListener {
  /** The entry's LIST was answered with a revision. */
  listed(entry: number, revision: number, now: number): void;
  /** The newest revision of the entry's object that has arrived. */
  receivedBy(entry: number): number;
}
