import type { NameHash } from '../../sim/names.js';
import { RandomStream } from '../../sim/random.js';

/** Who belongs to a share: those whose draw is below a bound. */
export interface ShareBound {
  readonly stream: RandomStream;
  /** 0: nobody does; Infinity: everybody does. */
  readonly below: number;
}

/**
 * The bound below which round(share × count) of the first `count` members draw by their names: exact in number, the same
 * for the same names, and nested in the share.
 */
export function shareBound(
  count: number,
  share: number,
  seed: string,
  purpose: readonly (string | number)[],
  nameOf: (index: number) => NameHash,
): ShareBound {
  const wanted = Math.round(share * count);
  const stream = RandomStream.fromSeed(seed, ...purpose);
  if (wanted >= count) return { stream, below: Infinity };
  if (wanted <= 0) return { stream, below: 0 };
  const draws = new Uint32Array(count);
  for (let index = 0; index < count; index++) {
    const { high, low } = nameOf(index);
    draws[index] = stream.uint32(high, low, 0);
  }
  return { stream, below: draws.sort()[wanted] };
}

/** True for a name that belongs to a share. */
export function belongsTo({ stream, below }: ShareBound, high: number, low: number): boolean {
  return below === Infinity || (below > 0 && stream.uint32(high, low, 0) < below);
}

/** Chooses a share of the first `count` members; those beyond are chosen by the same bound. */
export function chosenShare(
  count: number,
  share: number,
  seed: string,
  purpose: readonly (string | number)[],
  nameOf: (index: number) => NameHash,
): (index: number) => boolean {
  const bound = shareBound(count, share, seed, purpose, nameOf);
  if (bound.below === Infinity) return () => true;
  return (index) => {
    const { high, low } = nameOf(index);
    return belongsTo(bound, high, low);
  };
}
