import { escapeHtml, Html } from './html.js';

/** A number with its unit, to be seen at a glance. */
const FIGURES = /\d[\d,.]*\d? (?:s|cores|watches open|GETs a second)\b/g;

/** What begins a sentence or a heading. */
export function capitalized(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** A sentence whose figures stand out. */
export function emphasized(sentence: string): Html {
  return new Html(escapeHtml(sentence).replaceAll(FIGURES, '<strong>$&</strong>'));
}
