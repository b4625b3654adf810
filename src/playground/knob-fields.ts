import { STRATEGIES, STRATEGY_NAMES } from '../cluster/kubelet/secret-manager/strategies.js';
import { NODES_MAX } from '../experiment/language/cluster-counts.js';
import { PRESETS } from '../experiment/language/presets.js';
import { html, Html } from '../report/html/html.js';
import {
  CLIENT_LIMIT_MAX,
  NODE_TTLS,
  NONE,
  REFRESH_INTERVALS,
  RELEASES,
  RELOAD_INTERVALS,
  REPLICATIONS_MAX,
  RESTARTS,
  SYNC_FREQUENCIES,
  WAYS,
} from './knobs.js';

/** The first preset that is shown. */
export const FIRST_PRESET = 'own-5000';

/** SLOs to begin with. */
const SLOS = [
  'last_pod_bound_s < 2m',
  'max(last_pod_max_s) < 2m',
  'p95(delay_p99_s) < 90s',
  'share(last_pod_max_s < 120s) >= 99%',
  'watches_open_max < 500000',
  'apiserver_memory_max_per_server_bytes < 64Gi',
  'watch_recovery_max_s < 60s',
] as const;

/** All knobs of the page. */
export function knobFields(): Html {
  return html`${clusterField()} ${rotationField()} ${kubeletField()} ${sizeField()} ${serverField()} ${answerField()}`;
}

function options(values: readonly string[], words: Readonly<Record<string, string>> = {}): readonly Html[] {
  return values.map((value) => html`<option value="${value}">${words[value] ?? value}</option>`);
}

function choice(id: string, label: string, choices: readonly Html[], hint: string | null = null): Html {
  return html`<div class="knob" id="${id}-knob">
    <label for="${id}">${label}</label>
    <select id="${id}" ${hint === null ? null : html`aria-describedby="${id}-hint"`}>
      ${choices}
    </select>
    ${hint === null ? null : html`<p class="hint" id="${id}-hint">${hint}</p>`}
  </div>`;
}

function clusterField(): Html {
  const presets = PRESETS.map(
    ({ name, description }) =>
      html`<option value="${name}" ${name === FIRST_PRESET ? new Html('selected') : null}>
        ${name}: ${description}
      </option>`,
  );
  return html`<fieldset>
    <legend>Cluster</legend>
    ${choice('preset', 'Start from', presets, '')}
    <div id="drop">
      <label for="dump">Yours: drop a dump of the cluster, a kubelet.yaml, or both. They do not leave this page.</label>
      <input type="file" id="dump" multiple aria-describedby="dump-hint" />
      <p class="hint" id="dump-hint"><code>kubectl get nodes,pods,secrets,configmaps -A -o json</code></p>
      <p class="hint" id="dumped" role="status" hidden></p>
      <p class="hint" id="kubelet" role="status" hidden></p>
    </div>
  </fieldset>`;
}

function rotationField(): Html {
  return html`<fieldset>
    <legend>Rotation</legend>
    ${choice('rotated', 'What is rotated', [])} ${choice('way', 'How', options(Object.keys(WAYS), WAYS))}
    ${choice(
      'refresh',
      'The source polls its vault every',
      options(REFRESH_INTERVALS, { [NONE]: 'not: it is written at once' }),
      'External Secrets: refreshInterval',
    )}
    ${choice(
      'reload',
      'Applications look at their files every',
      options(RELOAD_INTERVALS, { [NONE]: 'not: they see them at once' }),
    )}
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
    ${choice(
      'ttl',
      'Life of a cached object (node TTL)',
      options(NODE_TTLS, { auto: 'auto: by the number of nodes, or the dump’s', unset: 'no annotation: 60 s' }),
      'Only the strategy Cache reads it.',
    )}
    ${clientLimit('qps', 'Requests a second (kubeAPIQPS)')} ${clientLimit('burst', 'at once (kubeAPIBurst)')}
  </fieldset>`;
}

function clientLimit(id: string, label: string): Html {
  return html`<div class="knob">
    <label for="${id}">${label}</label>
    <input type="number" id="${id}" min="1" max="${CLIENT_LIMIT_MAX}" step="1" placeholder="default" />
  </div>`;
}

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
      <input type="range" id="immutable" min="0" max="100" step="5" aria-describedby="immutable-hint" />
      <p class="hint" id="immutable-hint">Of the Secrets and ConfigMaps that are not rotated.</p>
    </div>
  </fieldset>`;
}

function serverField(): Html {
  const releases = RELEASES.toReversed();
  return html`<fieldset>
    <legend>Control plane</legend>
    ${choice('release', 'Kubernetes release', options(releases))}
    ${choice('compared', 'compared with', options([NONE, ...releases], { [NONE]: 'no other release' }))}
    <div class="knob">
      <label for="servers">API servers</label>
      <input type="number" id="servers" min="1" max="100" step="1" required />
    </div>
    ${choice('restart', 'Which of them restart, after 5 minutes', options(Object.keys(RESTARTS), RESTARTS))}
  </fieldset>`;
}

function answerField(): Html {
  return html`<fieldset>
    <legend>What is asked</legend>
    <div class="knob">
      <label for="slo">SLO</label>
      <input type="text" id="slo" maxlength="200" list="slos" spellcheck="false" aria-describedby="slo-hint" />
      <datalist id="slos">${options(SLOS)}</datalist>
      <p class="hint" id="slo-hint">Such as ${SLOS[0]}; empty: none.</p>
    </div>
    <div class="knob">
      <label for="replications">Replications</label>
      <input type="number" id="replications" min="1" max="${REPLICATIONS_MAX}" step="1" required />
    </div>
    <div class="knob">
      <label for="seed">Seed</label>
      <input type="text" id="seed" maxlength="40" required aria-describedby="seed-hint" />
      <p class="hint" id="seed-hint">Any text; the same seed gives the same numbers.</p>
    </div>
  </fieldset>`;
}
