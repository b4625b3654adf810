/**
 * Edits that turn `a` into `b`: insertions, deletions, substitutions and swaps of neighbours
 * (optimal string alignment distance).
 */
export function editDistance(a: string, b: string): number {
  let beforeLast: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const substitution = last[j - 1] + (a[i - 1] === b[j - 1] ? 0 : 1);
      row[j] = Math.min(last[j] + 1, row[j - 1] + 1, substitution);
      const swapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      if (swapped) row[j] = Math.min(row[j], beforeLast[j - 2] + 1);
    }
    beforeLast = last;
    last = row;
  }
  return last[b.length];
}

/** Shortest text that is looked for inside the known names: `strategy` in a long field name, but not `a`. */
const FRAGMENT_LENGTH_MIN = 4;

/** Longest text that is compared: nobody mistypes a name of this length, and the comparison is quadratic. */
const NAME_LENGTH_MAX = 100;

/**
 * The known name that was probably meant: the one with the fewest edits (case aside, at most a third of
 * the letters), else the one that contains the text. Undefined where nothing is near.
 */
export function nearestName(name: string, known: Iterable<string>): string | undefined {
  if (name.length > NAME_LENGTH_MAX) return undefined;
  const wanted = name.toLowerCase();
  const tolerance = Math.max(1, Math.floor(wanted.length / 3));
  let nearest: string | undefined;
  let fewest = tolerance + 1;
  let containing: string | undefined;
  for (const candidate of known) {
    const lower = candidate.toLowerCase();
    if (Math.abs(lower.length - wanted.length) < fewest) {
      const edits = editDistance(wanted, lower);
      if (edits < fewest) {
        fewest = edits;
        nearest = candidate;
      }
    }
    if (wanted.length >= FRAGMENT_LENGTH_MIN && lower.includes(wanted)) containing ??= candidate;
  }
  return nearest ?? containing;
}

/** `; did you mean X?`, or nothing where no known name is near. */
export function didYouMean(name: string, known: Iterable<string>): string {
  const nearest = nearestName(name, known);
  return nearest === undefined ? '' : `; did you mean ${nearest}?`;
}
