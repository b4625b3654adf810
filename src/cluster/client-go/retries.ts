import { SECOND_US } from '../../sim/units.js';
import { isPost, type Requests, STATUS } from '../kube-apiserver/requests.js';
import { VERB } from '../model/verbs.js';
import type { Behaviours } from '../model/versions.js';

/** `maxRetries` (`client-go/rest/request.go` NewRequest): how often the client itself sends a request again. */
const MAX_RETRIES = 10;
/** Its wait before it sends a request again whose connection broke (`with_retry.go` retryAfterResponse: `Retry-After: 1`). */
const LOST_RETRY_US = SECOND_US;

/**
 * How long the client waits before it sends an answered request again by itself, µs; −1: its owner has to know
 * (`rest/request.go` request and Watch, `rest/with_retry.go`). Any request is sent again after a 429 with Retry-After,
 * a GET or LIST, too, whose connection broke, and a WATCH that found none in time besides: of ≤1.21 no WATCH at all.
 */
export function retryAfterUs(requests: Requests, request: number, behaviours: Behaviours): number {
  if (requests.attempts[request] >= MAX_RETRIES) return -1;
  const isWatch = requests.verb[request] === VERB.WATCH;
  switch (requests.status[request]) {
    case STATUS.TOO_MANY_REQUESTS:
      return isWatch && behaviours.watchRejected === 'relist' ? -1 : requests.retryAfterUs[request];
    case STATUS.TOO_LARGE:
      return isWatch ? -1 : requests.retryAfterUs[request];
    case STATUS.LOST:
      if (isWatch ? behaviours.watchLost === 'retry' : !isPost(requests.verb[request])) return LOST_RETRY_US;
      return -1;
    case STATUS.UNCONNECTED:
      return isWatch && behaviours.watchLost === 'retry' ? LOST_RETRY_US : -1;
    default:
      return -1;
  }
}
