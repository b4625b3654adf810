import { type Figure, figureSection } from '../report/html/figure.js';
import { delayCdf } from '../report/html/figures/delay-cdf.js';
import { load, watches } from '../report/html/figures/load.js';
import { memory } from '../report/html/figures/memory.js';
import { rotation } from '../report/html/figures/rotation.js';
import { stages } from '../report/html/figures/stages.js';
import { storm } from '../report/html/figures/storm.js';
import { groupsSection } from '../report/html/groups-section.js';
import { html, type Html } from '../report/html/html.js';
import { loadPoints } from '../report/html/load-data.js';
import { releasesSection } from '../report/html/releases-section.js';
import { restartPoints } from '../report/html/restart-data.js';
import type { Scenes } from '../report/html/scenes.js';
import { player, UPDATES, WATCHES } from '../report/html/wave/player.js';
import type { Answer } from './answer.js';
import type { WaveData } from './wave-data.js';

/** A part of the page below the answer. It is drawn when it is asked for: a page that is drawn at once stutters. */
export interface DrawnSection {
  readonly id: string;
  /** null: there is nothing to show. */
  readonly draw: () => Html | null;
}

/** The pictures of an answer: those of the report, in the same order for every answer. */
export function sectionsOf(
  answer: Pick<Answer, 'load' | 'restarts' | 'waves'>,
  scenes: Scenes,
): readonly DrawnSection[] {
  const { data, series } = scenes;
  const points = loadPoints(answer.load, series, data.manifest);
  const seconds = restartPoints(answer.restarts, series);
  const waveOf = (of: WaveData['of']): WaveData | undefined => answer.waves.find((wave) => wave.of === of);
  return [
    { id: 'delay', draw: () => drawn(delayCdf(scenes)) },
    { id: 'stages', draw: () => drawn(stages(scenes)) },
    { id: 'wave', draw: () => waveSection(waveOf('updates')) },
    { id: 'groups', draw: () => groupsSection(scenes)?.body ?? null },
    { id: 'rotation', draw: () => drawn(rotation(scenes)) },
    { id: 'storm', draw: () => drawn(storm(scenes, seconds, points)) },
    { id: 'storm-wave', draw: () => waveSection(waveOf('watches')) },
    { id: 'load', draw: () => drawn(load(scenes, points)) },
    { id: 'watches', draw: () => drawn(watches(scenes, points)) },
    { id: 'memory', draw: () => drawn(memory(scenes, points)) },
    { id: 'releases', draw: () => releasesSection(data) },
  ];
}

function drawn(figure: Figure | null): Html | null {
  return figure === null ? null : figureSection(figure);
}

function waveSection(wave: WaveData | undefined): Html | null {
  if (wave === undefined) return null;
  const text = wave.of === 'updates' ? UPDATES : WATCHES;
  return html`<section id="${text.id}">
    <h2>${text.title}</h2>
    <p>${text.lead}</p>
    ${player(text, wave.fields, wave.horizonS)}
  </section>`;
}
