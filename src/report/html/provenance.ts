import { readdir } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { TOOL } from '../../tool.js';
import { readRows } from '../read/csv-files.js';
import type { ResultData } from '../read/result-data.js';
import { html, type Html } from './html.js';
import { packageFile } from '../../package-files.js';

/** The committed tables of `validate`, beside this program. */
const VALIDATION = fileURLToPath(packageFile('results/validation/'));

/** What the simulator was held to, and how often it agreed. */
export interface ValidationStatus {
  readonly table: string;
  readonly agree: number;
  readonly rows: number;
  readonly unexplained: number;
}

/** Counts the verdicts in the tables of `validate`; none where the tables are not there. */
export async function validationStatus(folder: string = VALIDATION): Promise<readonly ValidationStatus[]> {
  const files = await readdir(folder).catch(() => []);
  const tables = await Promise.all(
    files
      .filter((file) => file.endsWith('.csv'))
      .sort()
      .map(async (file) => ({
        file,
        verdicts: (await readRows(folder, [{ name: file }])).map((row) => row['verdict']),
      })),
  );
  return tables
    .filter(({ verdicts }) => typeof verdicts[0] === 'string')
    .map(({ file, verdicts }) => ({
      table: file.replace('.csv', ''),
      agree: verdicts.filter((verdict) => verdict === 'agrees').length,
      rows: verdicts.length,
      unexplained: verdicts.filter((verdict) => verdict === 'misses').length,
    }));
}

/** Where the numbers come from, in which files, how to get them again, and how far the simulator was validated. */
export function provenanceSection({ manifest }: ResultData, files: Html, status: readonly ValidationStatus[]): Html {
  const { tool, seed, replications, scenarios, runs, complete, hash } = manifest;
  const validated =
    status.length === 0
      ? html`<p>Not found here: run <code>${TOOL.name} validate</code>.</p>`
      : html`<ul>
            ${status.map(
              ({ table, agree, rows, unexplained }) =>
                html`<li>
                  ${table.replaceAll('-', ' ')}: ${agree} of ${rows} rows
                  agree${unexplained === 0 ? '; what misses is explained' : `; ${unexplained} miss without a known reason`}
                </li>`,
            )}
          </ul>
          <p class="note">
            Counted from the tables that come with ${TOOL.name} ${TOOL.version};
            <code>${TOOL.name} validate</code> recomputes them.
          </p>`;
  return html`<section id="provenance">
    <h2>Where this comes from</h2>
    <p>
      ${tool.name} ${tool.version}, seed “${seed}”, ${scenarios.length} scenarios × ${replications} replications,
      ${complete ? 'complete' : `incomplete: ${runs.length} runs`}. The same seed gives the same bytes.
    </p>
    <p>
      Everything is drawn from the CSV files beside this page; <a href="columns.csv">columns.csv</a> says what each
      column means, and <a href="manifest.json">manifest.json</a> holds the resolved experiment and a fingerprint of
      each run. Hash of the experiment: <code>${hash.slice(0, 16)}</code>.
    </p>
    ${files}
    <h3>Validation of the simulator</h3>
    ${validated}
  </section>`;
}
