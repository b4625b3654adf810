import { html, Html } from '../report/html/html.js';
import { STYLE_SHEET } from '../report/html/style.js';
import { knobFields } from './knob-fields.js';
import { PLAYGROUND_STYLE } from './playground-style.js';

/** The scripts of the page, bundled. */
export interface PageScripts {
  /** Runs in the page. */
  readonly page: string;
  /** Runs in workers, which the page makes of its text. */
  readonly worker: string;
}

/** Forbids everything but what stands in the file itself: what is dropped on the page cannot leave it. */
const POLICY =
  "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline' 'wasm-unsafe-eval'; worker-src blob:; img-src data:; " +
  "form-action 'none'; base-uri 'none'";

/**
 * The playground as one HTML document that needs no network and no other file. The answer stands before the knobs: so it is
 * read, and so it is seen where the page has one column.
 */
export function playgroundHtml({ page, worker }: PageScripts, version: string): string {
  return `<!doctype html>\n${
    html`<html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta http-equiv="Content-Security-Policy" content="${POLICY}" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>secretsim playground</title>
        <style>
          ${new Html(STYLE_SHEET + PLAYGROUND_STYLE)}
        </style>
      </head>
      <body>
        <main>
          <header>
            <p class="kicker">secretsim ${version} playground</p>
            <h1>A Secret is rotated: when does the last pod have it, and what does that cost the API servers?</h1>
          </header>
          <noscript><p class="caution">The playground simulates in this page: it needs JavaScript.</p></noscript>
          <div class="bench">
            <div id="headline" aria-live="polite"><p class="verdict">Simulating…</p></div>
            ${answerPart()}
            <form id="knobs" aria-label="Knobs" autocomplete="off">${knobFields()}</form>
            <div id="pictures"></div>
            ${takePart()}
          </div>
          <div id="files" hidden></div>
        </main>
        <script type="text/plain" id="worker">
          ${inScript(worker)}
        </script>
        <script type="module">
          ${inScript(page)};
        </script>
      </body>
    </html>`.text
  }\n`;
}

/** A script inside an element: it must not end it. */
function inScript(script: string): Html {
  return new Html(script.replaceAll(/<\/(?=script)/gi, '<\\/').replaceAll('<!--', '<\\!--'));
}

function answerPart(): Html {
  return html`<div id="answer" aria-busy="true">
    <div id="problems" role="alert" hidden></div>
    <div id="facts"></div>
    <p id="status" role="status">Starting…</p>
    <div class="controls" id="long" hidden><button type="button" id="run">Run it</button></div>
    <div class="controls" id="pins">
      <button type="button" id="pin">Pin this setting</button>
      <button type="button" id="swap" hidden>Swap</button>
      <button type="button" id="unpin" hidden>Unpin</button>
      <button type="button" id="copy-link">Copy link</button>
      <span id="copied" role="status"></span>
    </div>
    <div id="pinned" hidden></div>
  </div>`;
}

function takePart(): Html {
  return html`<section id="take">
    <h2>Take it with you</h2>
    <p>
      The experiment behind this page. <code>secretsim run FILE</code> gives the same numbers, to the last digit.
      <span id="how-to-compare" hidden
        >Of a pinned setting, too: <code>secretsim compare results/playground-pinned results/playground</code>.</span
      >
      The link has the knobs: no dump, and no name in one.
    </p>
    <div class="controls">
      <button type="button" id="copy-text">Copy YAML</button>
      <button type="button" id="save-topology" hidden>Save the cluster’s topology</button>
      <span id="copied-text" role="status"></span>
    </div>
    <p>Files: <span id="file-links"></span></p>
    <details>
      <summary>The YAML</summary>
      <textarea id="text" readonly spellcheck="false" aria-label="Experiment as YAML"></textarea>
    </details>
    <details>
      <summary>All metrics</summary>
      <div id="metrics"></div>
    </details>
  </section>`;
}
