import { NODE_TTL_SECONDS_MAX } from '../experiment/language/values/fields.js';

/** What a node's annotation `node.alpha.kubernetes.io/ttl` tells of its kubelet's caches. */
export interface NodeTtl {
  readonly ttlSeconds?: number;
  /** It tells more than can be simulated. */
  readonly ttlBounded: boolean;
}

/**
 * The TTL of an annotation. The kubelet takes no notice of one that is no number
 * (`cache_based_manager.go` GetObjectTTLFromNodeFunc).
 */
export function nodeTtl(annotation: string | undefined): NodeTtl {
  // `strconv.Atoi`: what has more digits is no number either.
  if (annotation === undefined || !/^[+]?\d{1,18}$/.test(annotation)) return { ttlBounded: false };
  const seconds = Number(annotation);
  return { ttlSeconds: Math.min(seconds, NODE_TTL_SECONDS_MAX), ttlBounded: seconds > NODE_TTL_SECONDS_MAX };
}
