import { resolveDefaults } from '../../experiment/language/compile.js';
import { specSchema } from '../../experiment/language/schema.js';
import type { ResultData } from '../read/result-data.js';
import { tableOf } from './figure.js';
import { html, type Html } from './html.js';

/** Fields that have sections of their own, or none. */
const ELSEWHERE = ['factors', 'seed', 'replications', 'preset'];

/** The resolved settings: those that differ from the default in sight, all folded away. */
export function settingsSection({ manifest }: ResultData): Html {
  const defaults = new Map(flatten(resolveDefaults(specSchema.parse({}))));
  const varied = new Set(manifest.factors.flatMap((path) => path.split(' & ')));
  const rows = flatten(manifest.spec).map(([path, value]) => {
    const usual = defaults.get(path) ?? '';
    const factor = varied.has(path);
    return { changed: factor || value !== usual, cells: [path, factor ? 'varied, see below' : value, usual] };
  });
  const columns = ['setting', 'value', 'default'];
  const factors = manifest.factors.map((path) => [
    path,
    [...new Set(manifest.scenarios.map(({ factors: values }) => String(values[path])))].join(', '),
  ]);
  const { preset } = manifest.spec;
  return html`<section id="settings">
    <h2>Settings</h2>
    ${typeof preset === 'string' ? html`<p>Laid on the preset ${preset}.</p>` : null}
    <h3>What differs from the defaults</h3>
    <div class="scroll" tabindex="0" role="group" aria-label="Settings that differ from the defaults">
      ${tableOf({ columns, rows: rows.filter(({ changed }) => changed).map(({ cells }) => cells) })}
    </div>
    ${
      factors.length === 0
        ? null
        : html`<h3>What is varied</h3>
            <div class="scroll" tabindex="0" role="group" aria-label="What is varied">
              ${tableOf({ columns: ['factor', 'values'], rows: factors })}
            </div>`
    }
    <details>
      <summary>All ${rows.length} settings</summary>
      <div class="scroll" tabindex="0" role="group" aria-label="All settings">
        ${tableOf({ columns, rows: rows.map(({ cells }) => cells) })}
      </div>
      <p class="note">From <a href="manifest.json">manifest.json</a>.</p>
    </details>
  </section>`;
}

/** Settings by path; things in lists by their name, or on one line. */
function flatten(value: unknown, path = ''): readonly (readonly [string, string])[] {
  if (Array.isArray(value)) {
    if (value.length === 0) return [[path, 'none']];
    return value.map((item: unknown, index) => [`${path}[${nameOf(item) ?? index}]`, onOneLine(item)] as const);
  }
  if (typeof value === 'object' && value !== null) {
    return Object.entries(value)
      .filter(([key]) => path !== '' || !ELSEWHERE.includes(key))
      .flatMap(([key, item]) => flatten(item, path === '' ? key : `${path}.${key}`));
  }
  return [[path, String(value)]];
}

function nameOf(item: unknown): string | null {
  return typeof item === 'object' && item !== null && 'name' in item ? String(item.name) : null;
}

function onOneLine(value: unknown): string {
  return typeof value === 'string'
    ? value
    : JSON.stringify(value)
        .replaceAll('"', '')
        .replaceAll(/([:,])/g, '$1 ');
}
