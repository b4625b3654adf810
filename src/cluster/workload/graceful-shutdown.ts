import { SECOND_US } from '../../sim/units.js';
import type { ApiServerConfig } from '../model/model-input.js';

/**
 * How the end of an API server depends on its flags (`apiserver/pkg/server/genericapiserver.go` RunWithContext, v0.36.0;
 * `--shutdown-watch-termination-grace-period` ≥1.27).
 */

/** A client is given that long to see that its connection is sent away (`x/net/http2/server.go` goAwayTimeout). */
export const GO_AWAY_TIMEOUT_US = SECOND_US;
/** With `--shutdown-send-retry-after` the HTTP server waits no longer for open streams (`shutdownTimeout`). */
export const SEND_RETRY_AFTER_SHUTDOWN_TIMEOUT_US = 2 * SECOND_US;

/** From SIGTERM to the end of the process at the longest, where requests do not take longer than that, µs. */
export function longestShutdownUs({ shutdownUs, gracefulShutdown }: ApiServerConfig): number {
  if (gracefulShutdown === undefined) return shutdownUs;
  const { delayUs, sendRetryAfter, watchGraceUs } = gracefulShutdown;
  if (watchGraceUs > 0) return delayUs + watchGraceUs + GO_AWAY_TIMEOUT_US;
  return delayUs + (sendRetryAfter ? SEND_RETRY_AFTER_SHUTDOWN_TIMEOUT_US : shutdownUs);
}
