import type { Answer } from '../../playground/answer.js';
import type { Question } from '../../playground/question.js';
import { answerHtml, findingsOf, headlineHtml, metricsHtml, timeText } from '../../playground/render.js';
import { type DrawnSection, sectionsOf } from '../../playground/sections.js';
import { scenesOf } from '../../report/html/scenes.js';
import { addSaveButtons } from '../page-tools.js';
import { startWave } from '../wave-player.js';
import { byId } from './elements.js';

/** Pictures are drawn again where their room has changed by more, pixels. */
const OTHER_WIDTH_PX = 24;
/** Nobody reads a narrower picture. */
const WIDTH_MIN_PX = 280;

/** The part of the page that shows answers. */
export class AnswerView {
  private shown: Answer | null = null;
  private width = 0;
  private drawing = new AbortController();

  constructor() {
    new ResizeObserver(() => {
      const { shown } = this;
      if (shown !== null && Math.abs(this.room() - this.width) > OTHER_WIDTH_PX) void this.drawPictures(shown);
    }).observe(byId('pictures'));
  }

  /** Says, where no answer comes to a question, what is shown instead. */
  shownInstead(): string {
    if (this.shown !== null) return 'What is shown is of the knobs before.';
    byId('headline').innerHTML = '<p class="verdict">Nothing is simulated yet.</p>';
    return '';
  }

  /** Shows an answer: what is read first first. Resolves to false where another one came meanwhile. */
  async show(answer: Answer, seconds: number, workers: number): Promise<boolean> {
    this.shown = answer;
    const scenes = scenesOf(answer.data);
    const findings = findingsOf(scenes);
    byId('headline').innerHTML = headlineHtml(scenes, findings).text;
    byId('facts').innerHTML = answerHtml(answer, scenes, findings).text;
    byId('status').textContent = timeText(answer, seconds, workers);
    performance.mark('answer');
    const isDrawn = await this.drawPictures(answer);
    if (isDrawn) byId('metrics').innerHTML = metricsHtml(answer, scenes).text;
    return isDrawn;
  }

  /** Holds the files of an answer for links to them: the experiments, and the result files where it is the last. */
  hold({ now, pinned }: Question, { files }: Answer): void {
    const held = [
      { name: 'playground.yaml', text: now },
      ...(pinned === null ? [] : [{ name: 'playground-pinned.yaml', text: pinned }]),
      ...files,
    ];
    byId('files').replaceChildren(
      ...held.map(({ name, text }) => {
        const script = document.createElement('script');
        script.type = 'application/json';
        script.dataset['file'] = name;
        script.textContent = JSON.stringify(text);
        return script;
      }),
    );
    byId('file-links').replaceChildren(
      ...held.flatMap(({ name }) => {
        const link = document.createElement('a');
        link.href = name;
        link.textContent = name;
        return [link, ' '];
      }),
    );
  }

  private room(): number {
    return Math.max(WIDTH_MIN_PX, byId('pictures').clientWidth);
  }

  /** Draws section after section, each in a task of its own, so that knobs can be moved meanwhile. */
  private async drawPictures(answer: Answer): Promise<boolean> {
    this.drawing.abort();
    this.drawing = new AbortController();
    const { signal } = this.drawing;
    this.width = this.room();
    for (const section of sectionsOf(answer, scenesOf(answer.data, this.width))) {
      await new Promise((resolve) => setTimeout(resolve));
      if (signal.aborted) return false;
      drawSection(section, signal);
    }
    return true;
  }
}

/** Puts a section in its place, which stays where it is from answer to answer. */
function drawSection({ id, draw }: DrawnSection, signal: AbortSignal): void {
  const place = placeOf(id);
  place.innerHTML = draw()?.text ?? '';
  addSaveButtons(place);
  place.querySelectorAll('[data-wave]').forEach((wave) => startWave(wave, signal));
}

function placeOf(id: string): HTMLElement {
  const known = document.getElementById(`place-${id}`);
  if (known !== null) return known;
  const place = document.createElement('div');
  place.id = `place-${id}`;
  byId('pictures').append(place);
  return place;
}
