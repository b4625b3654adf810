import fc from 'fast-check';

/** Code points that no character has: the halves of surrogate pairs. */
const SURROGATES = { from: 0xd800, count: 0x800 };

/**
 * A character of any other code point, as the unit `binary` of fast-check gives it: that one keeps a table of all of them,
 * which takes two seconds to make in each process, and from then on time of each collection of garbage.
 */
export const anyCharacter = fc.nat(0x10ffff - SURROGATES.count).map(
  (index) => String.fromCodePoint(index < SURROGATES.from ? index : index + SURROGATES.count),
  (text) => {
    const code = typeof text === 'string' ? (text.codePointAt(0) ?? NaN) : NaN;
    const isHalf = code >= SURROGATES.from && code < SURROGATES.from + SURROGATES.count;
    if (isHalf || text !== String.fromCodePoint(code)) throw new Error('no character');
    return code < SURROGATES.from ? code : code - SURROGATES.count;
  },
);

/** Any text that is well-formed Unicode. */
export function anyText(
  lengths: { readonly minLength?: number; readonly maxLength?: number } = {},
): fc.Arbitrary<string> {
  return fc.string({ unit: anyCharacter, ...lengths });
}
