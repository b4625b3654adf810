/*
 * How wide a text is at the most: pages are drawn without a browser, and shown in whatever font the reader's system has.
 * Widths are rounded up from those of DejaVu Sans, one of the widest of the usual ones, in shares of the font's size.
 */
const CLASSES = [
  { characters: /[ .,:;'|!iljtfI()[\]-]/, width: 0.4 },
  { characters: /[0-9a-lnopq-vx-z]/, width: 0.65 },
  { characters: /[A-LN-VX-Z−]/, width: 0.84 },
] as const;
const WIDEST = 1;

/** @param size of the font, in the unit of the answer */
export function textWidth(text: string, size: number): number {
  let shares = 0;
  for (const character of text) shares += CLASSES.find(({ characters }) => characters.test(character))?.width ?? WIDEST;
  return shares * size;
}
