import { type BehaviourDifference, behaviourDifferences, releasesText } from '../../releases/behaviour-differences.js';
import { releasesOf } from '../scenario-releases.js';
import { tableOf } from './figure.js';
import { html, type Html } from './html.js';
import type { DrawnData } from './scenes.js';

/** What changes between the releases of the scenarios; null where all have the same. */
export function releasesSection({ manifest, scenarios }: DrawnData): Html | null {
  const all = scenarios.map(({ scenario }) => releasesOf(manifest.spec, scenario.factors));
  const distinct = [...new Map(all.map((each) => [releasesText(each), each])).values()];
  const steps = distinct.slice(1).map((to, index) => {
    const from = distinct[index];
    return { title: `From ${releasesText(from)} to ${releasesText(to)}`, changes: behaviourDifferences(from, to) };
  });
  if (steps.length === 0) return null;
  return html`<section id="releases">
    <h2>What the releases change</h2>
    ${steps.map(({ title, changes }) => step(title, changes))}
    <p class="note">All changes by release: <code>secretsim releases</code>.</p>
  </section>`;
}

function step(title: string, changes: readonly BehaviourDifference[]): Html {
  const rows = changes.map(({ name, says, a, b, effect, source }) => [name, `${says}: ${a} → ${b}`, effect, source]);
  if (rows.length === 0)
    return html`<h3>${title}</h3>
      <p>Nothing that is modelled.</p>`;
  return html`<h3>${title}</h3>
    <div class="scroll" tabindex="0" role="group" aria-label="${title}">
      ${tableOf({ columns: ['behaviour', 'what changes', 'effect', 'source'], rows })}
    </div>`;
}
