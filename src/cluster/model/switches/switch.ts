import { atLeast, type Release } from '../releases.js';

/**
 * Which release decides: that of the API servers (and the controllers beside them), that of the kubelets, or the older
 * of the two where both have to take part.
 */
export type SwitchOwner = 'server' | 'kubelet' | 'both';

/** The value from a release on, up to the next step. */
export type SwitchStep<V> = readonly [from: Release, value: V];

/** What is known of a switch beside its values. */
interface Known {
  readonly of: SwitchOwner;
  /** What it is about, in a sentence. */
  readonly says: string;
  /** What its change does to delay and load. */
  readonly effect: string;
  /** File and function, KEP or pull request. */
  readonly source: string;
  /** The release from which on the feature gate is locked: another value is a what-if there. */
  readonly lockedFrom?: Release;
}

/** A switch with named values; each value in words. */
export interface Choice<V extends string> extends Known {
  readonly type: 'choice';
  readonly values: Readonly<Record<V, string>>;
  readonly by: readonly SwitchStep<V>[];
}

/** A switch that is on or off, both in words. */
export interface Flag extends Known {
  readonly type: 'flag';
  readonly on: string;
  readonly off: string;
  readonly by: readonly SwitchStep<boolean>[];
}

/** A switch that is a number. */
export interface Quantity extends Known {
  readonly type: 'quantity';
  readonly unit: 's' | 'streams' | 'requests/s' | 'requests';
  readonly min: number;
  readonly max: number;
  readonly by: readonly SwitchStep<number>[];
}

export type Switch = Choice<string> | Flag | Quantity;

/** A choice, as it is written down. */
export function choice<V extends string>(
  fields: Omit<Choice<V>, 'type' | 'by'> & { readonly by: readonly SwitchStep<NoInfer<V>>[] },
): Choice<V> {
  return { type: 'choice', ...fields };
}

/** A flag, as it is written down. */
export function flag(fields: Omit<Flag, 'type'>): Flag {
  return { type: 'flag', ...fields };
}

/** A quantity, as it is written down. */
export function quantity(fields: Omit<Quantity, 'type'>): Quantity {
  return { type: 'quantity', ...fields };
}

/** The values that a switch can have. */
export type SwitchValue<S> = S extends Choice<infer V> ? V : S extends Flag ? boolean : number;

/** The value that holds in a release. Throws a RangeError for an unknown one. */
export function valueAt<V>(steps: readonly SwitchStep<V>[], release: string): V {
  return steps.reduce((value, [from, next]) => (atLeast(release, from) ? next : value), steps[0][1]);
}
