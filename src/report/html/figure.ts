import { plainNumber } from '../plain-number.js';
import { html, type Html } from './html.js';
import type { Series } from './scenes.js';

/** A cell of a table behind a figure: a number in full, text, or nothing. */
export type TableCell = number | string | null;

/** The numbers of a figure. */
export interface FigureTable {
  readonly columns: readonly string[];
  readonly rows: readonly (readonly TableCell[])[];
}

/** What a legend needs to know of a line. */
export type LegendEntry = Pick<Series, 'label' | 'colour' | 'dash'>;

/** A section of the report: a picture, its numbers, and where these are from. */
export interface Figure {
  /** The section's id in the page. */
  readonly id: string;
  readonly title: string;
  /** What the picture shows and how to read it. */
  readonly lead: string;
  readonly legend?: readonly LegendEntry[];
  readonly pictures: readonly Html[];
  readonly table: FigureTable;
  /** Result files that hold the numbers. */
  readonly files: readonly string[];
  /** What is left out. */
  readonly notes?: readonly (string | null)[];
}

/** A figure as a section of the page, its numbers folded away below it. */
export function figureSection({ id, title, lead, legend, pictures, table, files, notes = [] }: Figure): Html {
  return html`<section id="${id}">
    <h2>${title}</h2>
    <p>${lead}</p>
    ${legend === undefined ? null : legendList(legend)}
    ${pictures.map((picture) => html`<div class="picture" tabindex="0" role="group" aria-label="${title}">${picture}</div>`)}
    ${notes.map((note) => (note === null ? null : html`<p class="note">${note}</p>`))} ${numbersBelow(table, files)}
  </section>`;
}

/** The numbers of a figure, folded away, with links to the files they came from. */
export function numbersBelow(table: FigureTable, files: readonly string[]): Html {
  const links = files.map((file, index) => html`${index === 0 ? '' : ', '}<a href="${encodeURI(file)}">${file}</a>`);
  return html`<details>
    <summary>The numbers</summary>
    <div class="scroll" tabindex="0" role="group" aria-label="Numbers">${tableOf(table)}</div>
    <p class="note">From ${links}.</p>
  </details>`;
}

/** A table; numbers are right-aligned and in full (15 digits, as in the CSV files). */
export function tableOf({ columns, rows }: FigureTable): Html {
  const numeric = columns.map((_, index) => rows.some((row) => typeof row[index] === 'number'));
  const cellClass = (index: number): Html | null => (numeric[index] ? html` class="number"` : null);
  return html`<table>
    <thead>
      <tr>
        ${columns.map((column, index) => (column === '' ? html`<td></td>` : html`<th scope="col" ${cellClass(index)}>${column}</th>`))}
      </tr>
    </thead>
    <tbody>
      ${rows.map(
        (row) =>
          html`<tr>
            ${row.map((cell, index) => html`<td${cellClass(index)}>${typeof cell === 'number' ? plainNumber(cell) : cell}</td>`)}
          </tr> `,
      )}
    </tbody>
  </table>`;
}

/** Which colour and dashes stand for which scenario. */
export function legendList(series: readonly LegendEntry[]): Html {
  const items = series.map(
    ({ label, colour, dash }) =>
      html`<li>
        <svg width="34" height="10" aria-hidden="true">
          <line x1="1" x2="33" y1="5" y2="5" style="stroke: ${colour}" stroke-width="3" stroke-dasharray="${dash}" />
        </svg>
        ${label}
      </li>`,
  );
  return html`<ul class="legend">
    ${items}
  </ul>`;
}
