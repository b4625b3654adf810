import { STRATEGIES, STRATEGY_NAMES } from '../cluster/kubelet/secret-manager/strategies.js';
import { NODES_MAX } from '../experiment/language/cluster-schema.js';
import { PRESETS } from '../experiment/language/presets.js';
import { html, Html } from '../report/html/html.js';
import { STYLE_SHEET } from '../report/html/style.js';
import { NODE_TTLS, RELEASES, SYNC_FREQUENCIES, WAYS } from './knobs.js';
import { PLAYGROUND_STYLE } from './playground-style.js';

/** The scripts of the page, bundled. */
export interface PageScripts {
  /** Runs in the page. */
  readonly page: string;
  /** Runs in a worker, which the page makes of its text. */
  readonly worker: string;
}

/** Forbids everything but what stands in the file itself: what is dropped on the page cannot leave it. */
const POLICY =
  "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; worker-src blob:; img-src data:; " +
  "form-action 'none'; base-uri 'none'";

/** The first preset that is shown. */
const FIRST = 'own-5000';

/** The playground as one HTML document that needs no network and no other file. */
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
            <form id="knobs" aria-label="Knobs" autocomplete="off">
              ${clusterField()} ${kubeletField()} ${sizeField()}
            </form>
            <div id="results" aria-busy="true">
              <div id="problems" role="alert" hidden></div>
              <div id="answer" aria-live="polite"></div>
              <p id="status" role="status">Starting…</p>
              <p id="long" hidden><button type="button" id="run">Run it</button></p>
              <div id="pictures"></div>
              <section id="copy">
                <h2>Take it with you</h2>
                <p>
                  The experiment behind this page. <code>secretsim run FILE</code> gives the same numbers, to the last
                  digit, and more: replications with confidence intervals, factors, reports.
                </p>
                <div class="controls">
                  <button type="button" id="copy-text">Copy YAML</button>
                  <button type="button" id="save-topology" hidden>Save the cluster’s topology</button>
                  <span id="copied" role="status"></span>
                </div>
                <details>
                  <summary>The YAML</summary>
                  <textarea id="text" readonly spellcheck="false" aria-label="Experiment as YAML"></textarea>
                </details>
                <details>
                  <summary>All metrics of this run</summary>
                  <div id="metrics"></div>
                </details>
              </section>
            </div>
          </div>
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

function clusterField(): Html {
  const presets = PRESETS.map(
    ({ name, description }) =>
      html`<option value="${name}" ${name === FIRST ? new Html('selected') : null}>${name}: ${description}</option>`,
  );
  return html`<fieldset>
    <legend>Cluster</legend>
    <div class="knob">
      <label for="preset">Start from</label>
      <select id="preset">
        ${presets}
      </select>
      <p class="hint" id="preset-hint"></p>
    </div>
    <div id="drop">
      <label for="dump">or from your own cluster: drop its dump here. It does not leave this page.</label>
      <input
        type="file"
        id="dump"
        accept=".json,.yaml,.yml,.txt,.gz,application/json,application/yaml,application/gzip"
      />
      <p class="hint"><code>kubectl get nodes,pods,secrets,configmaps -A -o json</code></p>
      <p class="hint" id="dumped" hidden></p>
    </div>
    <div class="knob">
      <label for="rotated">What is rotated</label>
      <select id="rotated"></select>
    </div>
    <div class="knob">
      <label for="way">How</label>
      <select id="way">
        ${Object.entries(WAYS).map(([way, text]) => html`<option value="${way}">${text}</option>`)}
      </select>
    </div>
  </fieldset>`;
}

function kubeletField(): Html {
  const strategies = STRATEGY_NAMES.map((name) => {
    const { says, keeps } = STRATEGIES[name];
    const radio = html`<input type="radio" name="strategy" value="${name}" data-keeps="${keeps}" />`;
    return html`<label title="${says}">${radio} ${name}</label>`;
  });
  return html`<fieldset>
    <legend>Kubelet</legend>
    <div class="choices" role="radiogroup" aria-label="How kubelets learn of changes">${strategies}</div>
    <p class="hint" id="strategy-hint"></p>
    <div class="knob">
      <label for="sync">Each pod is synced every (syncFrequency)</label>
      <output for="sync" id="sync-value"></output>
      <input type="range" id="sync" min="0" max="${SYNC_FREQUENCIES.length - 1}" step="1" />
    </div>
    <div class="knob" id="ttl-knob">
      <label for="ttl">Life of a cached object (node TTL)</label>
      <select id="ttl">
        ${NODE_TTLS.map((ttl) => html`<option value="${ttl}">${TTL_WORDS[ttl] ?? ttl}</option>`)}
      </select>
      <p class="hint">Only the strategy Cache reads it.</p>
    </div>
    <div class="knob">
      <label for="release">Kubernetes release</label>
      <select id="release">
        ${RELEASES.toReversed().map((release) => html`<option>${release}</option>`)}
      </select>
    </div>
  </fieldset>`;
}

const TTL_WORDS: Readonly<Record<string, string>> = {
  auto: 'auto: by the number of nodes, or the dump’s',
  unset: 'no annotation: 60 s',
};

function sizeField(): Html {
  return html`<fieldset id="sizes">
      <legend>Size</legend>
      <div class="knob">
        <label for="nodes">Nodes</label>
        <input type="number" id="nodes" min="1" max="${NODES_MAX}" step="1" required />
        <input type="range" id="nodes-slide" min="0" max="1000" step="1" aria-label="Nodes, on a logarithmic scale" />
      </div>
      <div class="knob">
        <label for="pods">Pods per node</label>
        <input type="number" id="pods" min="1" max="1000" step="1" required />
        <input type="range" id="pods-slide" min="1" max="250" step="1" aria-label="Pods per node" />
      </div>
      <div class="knob">
        <label for="immutable">Immutable objects</label>
        <output for="immutable" id="immutable-value"></output>
        <input type="range" id="immutable" min="0" max="100" step="5" />
        <p class="hint">Of the Secrets and ConfigMaps that are not rotated.</p>
      </div>
    </fieldset>
    <fieldset>
      <legend>Control plane and chance</legend>
      <div class="knob">
        <label for="servers">API servers</label>
        <input type="number" id="servers" min="1" max="100" step="1" required />
      </div>
      <div class="knob">
        <label for="seed">Seed</label>
        <input type="text" id="seed" maxlength="40" required />
        <p class="hint">Any text; the same seed gives the same numbers.</p>
      </div>
    </fieldset>`;
}
