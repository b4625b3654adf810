import { cache } from './cache.js';
import { get } from './get.js';
import type { ChangeDetectionStrategy } from './strategy.js';
import { watch } from './watch.js';

/** The strategies by their names in a KubeletConfiguration. Another one is a file beside these, and a line here. */
export const STRATEGIES = { Watch: watch, Cache: cache, Get: get } as const satisfies Readonly<
  Record<string, ChangeDetectionStrategy>
>;

/** `configMapAndSecretChangeDetectionStrategy` of a KubeletConfiguration. */
export type Strategy = keyof typeof STRATEGIES;

/** Their names. */
export const STRATEGY_NAMES = Object.keys(STRATEGIES) as readonly Strategy[];

/** Whether a text is the name of one. */
export function isStrategy(name: string): name is Strategy {
  return Object.hasOwn(STRATEGIES, name);
}

/** The strategy of a name. Throws a RangeError where there is none. */
export function strategyNamed(name: string): ChangeDetectionStrategy {
  if (!isStrategy(name)) throw new RangeError(`no strategy of that name; there are ${STRATEGY_NAMES.join(', ')}`);
  return STRATEGIES[name];
}
