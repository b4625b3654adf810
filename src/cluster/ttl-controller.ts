/**
 * Steps of the TTL controller (`pkg/controller/ttl/ttl_controller.go` ttlBoundaries, all releases):
 * up to `sizeMax` nodes a node is annotated with `ttl` seconds.
 */
const TTL_BOUNDARIES = [
  { sizeMax: 100, ttl: 0 },
  { sizeMax: 500, ttl: 15 },
  { sizeMax: 1000, ttl: 30 },
  { sizeMax: 2000, ttl: 60 },
  { sizeMax: 10000, ttl: 300 },
  { sizeMax: Infinity, ttl: 600 },
] as const;

/** The largest TTL of the controller, seconds. */
export const TTL_SECONDS_MAX = 600;

/** `defaultTTL` of the Cache strategy without an annotation (`pkg/kubelet/secret/secret_manager.go`), seconds. */
export const DEFAULT_TTL_SECONDS = 60;

/** The TTL in seconds that the controller sets in a cluster that has grown to `nodes` nodes. */
export function ttlSecondsFor(nodes: number): number {
  for (const { sizeMax, ttl } of TTL_BOUNDARIES) if (nodes <= sizeMax) return ttl;
  return TTL_SECONDS_MAX;
}
