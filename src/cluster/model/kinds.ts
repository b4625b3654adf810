import type { Codes } from './codes.js';

/** How a pod consumes an object. */
export const CONSUMPTION_MODES = ['volume', 'projected', 'subPath', 'env', 'imagePullSecret'] as const;
export type ConsumptionMode = (typeof CONSUMPTION_MODES)[number];
/** Their codes in typed arrays. */
export const MODE = {
  volume: 0,
  projected: 1,
  subPath: 2,
  env: 3,
  imagePullSecret: 4,
} as const satisfies Codes<typeof CONSUMPTION_MODES>;

/** The two kinds of object. */
export const OBJECT_KINDS = ['Secret', 'ConfigMap'] as const;
export type ObjectKind = (typeof OBJECT_KINDS)[number];
/** Their codes in typed arrays. */
export const KIND = { Secret: 0, ConfigMap: 1 } as const satisfies Codes<typeof OBJECT_KINDS>;
