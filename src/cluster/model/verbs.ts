/** Verbs of requests for Secrets and ConfigMaps; the order is the numeric code. */
export const VERBS = ['get', 'list', 'watch', 'write'] as const;
export const GET = 0;
export const LIST = 1;
export const WATCH = 2;
export const WRITE = 3;
