import type { NameHash } from '../../sim/names.js';
import { RandomStream } from '../../sim/random.js';

/**
 * Chooses round(share × count) of the first `count` members, those with the smallest draws by their names: exact in
 * number, the same for the same names, and nested in the share. Members beyond `count` are chosen by the same bound.
 */
export function chosenShare(
  count: number,
  share: number,
  seed: string,
  purpose: readonly (string | number)[],
  nameOf: (index: number) => NameHash,
): (index: number) => boolean {
  const wanted = Math.round(share * count);
  if (wanted >= count) return () => true;
  if (wanted <= 0) return () => false;
  const stream = RandomStream.fromSeed(seed, ...purpose);
  const draw = (index: number): number => {
    const { high, low } = nameOf(index);
    return stream.uint32(high, low, 0);
  };
  const draws = Uint32Array.from({ length: count }, (_, i) => draw(i));
  const threshold = draws.slice().sort()[wanted];
  return (index) => (index < count ? draws[index] : draw(index)) < threshold;
}
