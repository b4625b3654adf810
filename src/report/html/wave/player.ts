import { Html, html } from '../html.js';
import { type FieldData, STEPS } from './field.js';

/** What a wave is of. */
export interface WaveText {
  readonly id: string;
  readonly title: string;
  readonly lead: string;
  /** What is counted. */
  readonly things: string;
  /** What they have become. */
  readonly done: string;
}

/** Updates that come to show in the volumes of pods. */
export const UPDATES: WaveText = {
  id: 'wave',
  title: 'The wave of an update through the cluster',
  lead:
    'Each square is a node; it turns from grey to green as the volumes of its pods get the new content. From 99 % on, nodes ' +
    'that still wait are red: the stragglers.',
  things: 'volumes',
  done: 'updated',
};

/** Watches that come back. */
export const WATCHES: WaveText = {
  id: 'storm-wave',
  title: 'The watches come back after API servers stop',
  lead:
    'Each square is a node; it turns from grey to green as the watches that it lost are open again. From 99 % on, nodes that ' +
    'still lack some are red. Empty squares lost none.',
  things: 'watches',
  done: 'open again',
};

/** Slider, button and fields; the numbers for the script stand in a block of JSON. */
export function player(text: WaveText, fields: readonly FieldData[], horizonS: number): Html {
  const data = { horizonS, steps: STEPS, things: text.things, done: text.done, fields };
  const json = new Html(JSON.stringify(data).replaceAll('<', '\\u003c'));
  return html`<div data-wave>
    <noscript><p class="caution">The wave needs JavaScript; its numbers are below.</p></noscript>
    <div class="controls">
      <button type="button">Play</button>
      <label
        >time
        <input type="range" min="0" max="${STEPS}" value="0" step="1" />
      </label>
      <span class="clock"></span>
    </div>
    <div class="fields">
      ${fields.map(
        ({ label }) =>
          html`<figure>
            <figcaption><strong>${label}</strong> <output></output></figcaption>
            <canvas role="img" aria-label="${label}"></canvas>
          </figure>`,
      )}
    </div>
    <script type="application/json">
      ${json}
    </script>
  </div>`;
}
