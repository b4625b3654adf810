import { html, Html } from './html.js';
import { STYLE_SHEET } from './style.js';

/** A part of the page that the contents list. */
export interface PageSection {
  readonly id: string;
  readonly title: string;
  readonly body: Html;
}

/** What a page is made of. */
export interface PageParts {
  readonly title: string;
  readonly header: Html;
  readonly comparison: Html;
  readonly sections: readonly PageSection[];
  /** What nobody sees: files that the page holds, and scripts. */
  readonly end: Html;
}

/** Forbids everything but what stands in the file itself: the page asks no network for anything. */
const POLICY =
  "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'";

/** A whole page, as text. */
export function page({ title, header, comparison, sections, end }: PageParts): string {
  const links = sections.map((section) => html`<a href="#${section.id}">${section.title}</a> `);
  return `<!doctype html>\n${
    html`<html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta http-equiv="Content-Security-Policy" content="${POLICY}" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>${title}</title>
        <style>
          ${new Html(STYLE_SHEET)}
        </style>
      </head>
      <body>
        <main>
          ${header} ${comparison}
          <nav aria-label="Contents">${links}</nav>
          ${sections.map(({ body }) => body)}
        </main>
        ${end}
      </body>
    </html>`.text
  }\n`;
}
