import { NEWEST_RELEASE, OLDEST_RELEASE, type Release, RELEASES } from '../cluster/model/releases.js';
import { UsageError } from './options.js';

/** A release that can be simulated, `1.33` or `v1.33`. Throws a UsageError for any other text. */
export function releaseOf(text: string): Release {
  const release = RELEASES.find((known) => known === text.replace(/^v/, ''));
  if (release !== undefined) return release;
  throw new UsageError(
    `${JSON.stringify(text)} is no release that is known: allowed are ${OLDEST_RELEASE} to ${NEWEST_RELEASE}; a newer one is simulated as ${NEWEST_RELEASE}`,
  );
}
