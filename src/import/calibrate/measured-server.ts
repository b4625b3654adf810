import { type MeasuredRelease, measuredFor } from '../../cluster/model/measured-costs.js';
import { NEWEST_RELEASE, RELEASES } from '../../cluster/model/releases.js';
import type { Scrape } from './scrape.js';

const BUILD = 'kubernetes_build_info';

/** What a server of the scraped one's release was measured to cost; where it does not tell its release, the newest's. */
export function measuredServer(scrape: Scrape): MeasuredRelease {
  const version = scrape.has(BUILD) ? scrape.rows(BUILD)[0].labels['git_version'] : '';
  const minor = /^v?(1\.\d+)\b/.exec(version)?.[1];
  return measuredFor(RELEASES.find((release) => release === minor) ?? NEWEST_RELEASE);
}
