/** An operator among others: it has entities of its own, whose events it handles, and can restart. */
export interface Component {
  /** How many entities it has. */
  readonly entities: number;
  /** It has long been running. */
  start(): void;
  /** A step of an entity of its own, counted from 0. */
  handle(entity: number, argument: number): void;
  /** A write has been answered of what it may have brought. */
  written(write: number): void;
  /** Its process ends; and starts again. */
  stop(): void;
  resume(): void;
  /** True while something has changed that it has not brought yet. */
  readonly pending: boolean;
}
