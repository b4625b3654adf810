import { parse } from 'csv-parse/sync';
import { readFile } from 'node:fs/promises';
import { figureSection } from '../../src/report/html/figure.js';
import { html, Html } from '../../src/report/html/html.js';
import { drawPlot, Plot } from '../../src/report/html/plot.js';
import { STYLE_SHEET } from '../../src/report/html/style.js';

/** A file of the repository. */
const fileOf = (path: string): URL => new URL(`../../../${path}`, import.meta.url);

async function rowsOf(path: string): Promise<readonly Readonly<Record<string, string>>[]> {
  return parse(await readFile(fileOf(path)), { columns: true });
}

/** Values beyond are drawn at the edge: by how much they miss says the table. */
const [LEFT, RIGHT] = [-0.25, 1.45];

/** A measured value beside the same of the simulated clusters. */
interface Compared {
  readonly cluster: string;
  /** Where it lies in the range of the central 99 % of them: from 0, their lowest, to 1, their highest. */
  readonly place: number;
  readonly agrees: boolean;
}

async function compared(): Promise<readonly Compared[]> {
  const rows = await rowsOf('results/validation/real-cluster.csv');
  return rows.map((row) => {
    const [measured, low, high] = ['measured', 'central99_low', 'central99_high'].map((name) => Number(row[name]));
    const place = high > low ? (measured - low) / (high - low) : measured === low ? 0.5 : measured < low ? LEFT : RIGHT;
    return {
      cluster: `Kubernetes ${row['release']}`,
      place: Math.min(RIGHT, Math.max(LEFT, place)),
      agrees: row['verdict'] === 'agrees',
    };
  });
}

/** The measured clusters of results/validation against their simulation, as a page. */
export async function validationPage(): Promise<string> {
  const values = await compared();
  const agreeing = values.filter(({ agrees }) => agrees).length;
  const title = `Measured in real clusters: ${agreeing} of ${values.length} values agree`;
  const picture = drawPlot(
    {
      height: 460,
      marginLeft: 130,
      marginBottom: 42,
      fy: { label: null, domain: [...new Set(values.map(({ cluster }) => cluster))] },
      x: {
        label: 'where the measured value lies among the simulated ones',
        domain: [LEFT - 0.05, RIGHT + 0.05],
        ticks: [0, 0.5, 1],
        tickFormat: (place: number) => ({ 0: 'lowest of 99 %', 1: 'highest of 99 %' })[place] ?? '',
      },
      marks: [
        Plot.barX([{ from: 0, to: 1 }], { x1: 'from', x2: 'to', fill: 'var(--rule)', fillOpacity: 0.5 }),
        Plot.dot(
          values,
          Plot.dodgeY(
            { anchor: 'middle' },
            {
              fy: 'cluster',
              x: 'place',
              r: 4,
              fill: ({ agrees }: Compared) => (agrees ? 'var(--series-1)' : 'var(--bad)'),
            },
          ),
        ),
      ],
    },
    `${title}.`,
  );
  const lead =
    'Each dot is a delay, a rate or a lifetime that was measured; grey is the range of 99 % of the simulated clusters, which ' +
    'know nothing of it. Red: it misses, when all are judged together.';
  const section = figureSection({
    id: 'real-cluster',
    title,
    lead,
    pictures: [picture],
    table: { columns: [], rows: [] },
    files: ['real-cluster.csv'],
  });
  return html`<!doctype html>
    <html lang="en">
      <style>
        ${new Html(STYLE_SHEET)} details {
          display: none;
        }
      </style>
      <main>${section}</main>
    </html>`.text;
}
