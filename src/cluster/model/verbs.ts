import type { Codes } from './codes.js';

type InCapitals<Names extends readonly string[]> = { readonly [Index in keyof Names]: Uppercase<Names[Index]> };

/** Verbs of requests for Secrets and ConfigMaps. */
export const VERBS = ['get', 'list', 'watch', 'write'] as const;
export type Verb = (typeof VERBS)[number];
/** Their codes in typed arrays. */
export const VERB = { GET: 0, LIST: 1, WATCH: 2, WRITE: 3 } as const satisfies Codes<InCapitals<typeof VERBS>>;
