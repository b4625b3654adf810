/** What a description in the schema says, taken apart. */
export interface Described {
  /** Without the sentences that say where it comes from. */
  readonly meaning: string;
  readonly source: string | null;
  /** What holds where nothing is written, in words. */
  readonly default: string | null;
  /** Releases that are named. */
  readonly releases: string | null;
}

/** Sentences that say where a field or its default comes from. */
const SOURCE = /^(?:Source: |(?=Assumption|Measured|Derived|Choice))(.*?)\.?$/s;
const ASSUMED = /\bassumption\b/i;
const DEFAULT = /\bdefault(?:: | is | (?=by |none|\d|given))(.*?)(?=;|\.(?:\s|$)|$)/i;
/** What may be written: it names releases of which the field does not depend. */
const EXAMPLE = /\[[^\]]*\]/g;
const RELEASE = /(?:[≥≤] ?|from |up to |until |since )?\b1\.[23]\d\b(?!\.\d)(?: on)?/g;

/** Takes a description apart: this program's own words, in which `Source:` or `Assumption` begins a sentence. */
export function described(description: string): Described {
  const sentences = description.split(/(?<=\.) +(?=[A-Z])/);
  const sources = sentences.flatMap((sentence) => SOURCE.exec(sentence)?.[1] ?? []);
  const meaning = sentences.filter((sentence) => !SOURCE.test(sentence)).join(' ');
  const releases = description.replaceAll(EXAMPLE, '').match(RELEASE);
  return {
    meaning,
    source: sources.length > 0 ? sources.join('; ') : ASSUMED.test(meaning) ? 'assumption' : null,
    default: DEFAULT.exec(meaning)?.[1].trim() ?? null,
    releases: releases === null ? null : [...new Set(releases)].join(', '),
  };
}
