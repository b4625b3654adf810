import { differencesOf } from '../difference-lines.js';
import { tableOf } from './figure.js';
import { html } from './html.js';
import type { PageSection } from './page.js';
import type { Scenes } from './scenes.js';

/**
 * What each scenario changes against the baseline, as the terminal has it; null where the experiment names none.
 * @param whole file that has all metrics; null where there is none
 */
export function differenceSection({ data }: Scenes, whole: string | null = 'paired.csv'): PageSection | null {
  const { baseline } = data.manifest.spec;
  if (typeof baseline !== 'string') return null;
  const differences = differencesOf({ spec: { baseline }, factorPaths: data.manifest.factors }, data.scenarios);
  if (differences === null || differences.rows.length === 0) return null;
  const { heading, rows } = differences;
  const title = `D${differences.title.slice(1)}`;
  const body = html`<section id="difference">
    <h2>${title}</h2>
    <p>
      Taken replication by replication: each meets the same chance in all scenarios. ± is half of the 95 % interval; in
      brackets the change as a share of the baseline.
    </p>
    <div class="scroll" tabindex="0" role="group" aria-label="${title}">${tableOf({ columns: heading, rows })}</div>
    <p class="note">
      From
      <a href="runs.csv">runs.csv</a
      >${whole === null ? '.' : html`; all metrics are in <a href="${whole}">${whole}</a>.`}
    </p>
  </section>`;
  return { id: 'difference', title, body };
}
