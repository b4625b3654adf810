import { SECOND_US } from '../../../sim/units.js';
import type { RunWaves, Wave } from '../../../cluster/record/waves.js';
import { numbersBelow } from '../figure.js';
import { type Html, html } from '../html.js';
import type { PageSection } from '../page.js';
import { pageScript } from '../page-script.js';
import { endOf, type FieldData, fieldOf } from './field.js';
import { player, UPDATES, WATCHES, type WaveText } from './player.js';
import type { Replay, Replays } from './replay.js';

/** The sections with waves, one of updates and one of storms, where runs that have them were replayed. */
export function waveSections({ replays, notes }: Replays): readonly PageSection[] {
  return [
    sectionOf(UPDATES, replays, ({ updates }) => updates, notes),
    sectionOf(WATCHES, replays, ({ watches }) => watches, []),
  ].filter((section) => section !== null);
}

/** The script that plays them; null where there is nothing to play. */
export function waveScript(sections: readonly PageSection[]): Html | null {
  if (!sections.some(({ body }) => body.text.includes('data-wave'))) return null;
  return pageScript('wave-player');
}

function sectionOf(
  text: WaveText,
  replays: readonly Replay[],
  waveOf: (waves: RunWaves) => Wave | null,
  notes: readonly string[],
): PageSection | null {
  const shown = replays.flatMap(({ series, runId, waves }) => {
    const wave = waveOf(waves);
    return wave === null ? [] : [{ series, runId, waves, wave }];
  });
  if (shown.length === 0 && (notes.length === 0 || replays.length > 0)) return null;
  const horizonS = Math.max(...shown.map(({ wave }) => endOf(wave)), 1e-3);
  const fields = shown.map(({ series, waves, wave }) => fieldOf(series.label, wave, waves, horizonS));
  const body = html`<section id="${text.id}">
    <h2>${text.title}</h2>
    ${
      fields.length === 0
        ? null
        : html`<p>${text.lead} Second 0: ${shown.slice(0, 1).map(({ wave }) => startText(wave))}.</p>
            ${player(text, fields, horizonS)} ${numbersBelow(tableOf(text, fields), ['manifest.json'])}
            <p class="note">
              Replayed for this page: ${shown.map(({ runId }) => runId).join(', ')} (one replication each), with the
              fingerprints in manifest.json.
            </p>`
    }
    ${notes.map((note) => html`<p class="note">${note}</p>`)}
  </section>`;
  return { id: text.id, title: text.title, body };
}

/** What happens at the start of a wave. */
function startText({ names, startUs }: Wave): string {
  const what = names.length === 1 ? names[0] : `${names[0]} and ${names.length - 1} more`;
  return `${what}, ${(startUs / SECOND_US).toFixed(2)} s into the measured time`;
}

function tableOf(text: WaveText, fields: readonly FieldData[]) {
  const first = fields.flatMap(({ label, quantiles, things }) =>
    quantiles.map(({ share, afterS }) => [label, `${share * 100} % of ${things} ${text.things}`, afterS ?? 'never']),
  );
  const last = fields.flatMap(({ label, stragglers }) =>
    stragglers.map(({ node, afterS }, index) => [label, `last node ${index + 1}: ${node}`, afterS ?? 'never']),
  );
  return { columns: ['scenario', text.done, 'seconds'], rows: [...first, ...last] };
}
