/**
 * The one place that cleans text for a terminal. Names in an input may hold escape sequences, which move the cursor,
 * rename the window or answer for the user; marks that turn the direction of writing, so that a line reads as another;
 * and characters that are not seen at all. What leaves this program for a terminal goes through here.
 */

/** Control characters, marks of format (bidi overrides, zero width), separators of lines, and lone surrogates. */
const UNSEEN = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu;
const UNSEEN_BUT_LINES = /(?!\n|\r\n|\t)[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu;

/** Text of one line in which everything can be seen: `\u001b` in the place of an escape. */
export function visible(text: string): string {
  return text.replace(UNSEEN, escaped);
}

/** The same for text of several lines, with tabs. Of JSON it stays the same JSON, as nothing unseen stands outside its strings. */
export function visibleLines(text: string): string {
  return text.replace(UNSEEN_BUT_LINES, escaped);
}

/** Unit by unit, as JSON writes them. */
function escaped(character: string): string {
  return Array.from({ length: character.length }, (_, unit) => {
    return `\\u${character.charCodeAt(unit).toString(16).padStart(4, '0')}`;
  }).join('');
}
