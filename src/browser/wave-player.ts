/*
 * Runs in report.html and in the playground: colours the nodes of each field at the time of the slider, and plays. It
 * imports types only: its compiled text is put into the report as it is.
 */
import type { FieldData } from '../report/html/wave/field.js';

interface WaveData {
  readonly horizonS: number;
  readonly steps: number;
  readonly things: string;
  readonly done: string;
  readonly fields: readonly FieldData[];
}

const CODES_PER_CELL = 6;
const LATEST = 0xfffe;
/** From this share of all on, nodes that wait are stragglers. */
const NEARLY_ALL = 0.99;
const PLAY_MS = 9000;
/** Width of a field, and the largest side of a square, in pixels. */
const WIDTH = 960;
const SIDE_MAX = 30;
/** Smaller squares have no gap between them: scaled down, it would make stripes. */
const GAP_FROM = 10;
/** Width of a field by its height. */
const ASPECT = 2.6;

/** The state of a cell: how many of its five shares are reached. */
function levelAt(codes: Uint16Array, cell: number, now: number): number {
  let level = 0;
  while (level < 5 && codes[cell * CODES_PER_CELL + level] <= now) level++;
  return level;
}

function decode(base64: string): Uint16Array {
  const bytes = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
  const view = new DataView(bytes.buffer);
  return Uint16Array.from({ length: bytes.length / 2 }, (_, i) => view.getUint16(i * 2, true));
}

/** One cluster: a canvas of squares with its text. */
class FieldView {
  private readonly codes: Uint16Array;
  private readonly columns: number;
  private readonly size: number;

  constructor(
    private readonly field: FieldData,
    private readonly data: WaveData,
    private readonly canvas: HTMLCanvasElement,
    private readonly output: HTMLOutputElement,
  ) {
    this.codes = decode(field.times);
    this.columns = Math.ceil(Math.sqrt(field.cells * ASPECT));
    this.size = Math.min(SIDE_MAX, Math.max(2, Math.floor(WIDTH / this.columns)));
    canvas.width = this.columns * this.size;
    canvas.height = Math.ceil(field.cells / this.columns) * this.size;
  }

  show(step: number): void {
    const { field, data } = this;
    const done = field.done[step];
    this.paint(step, done >= NEARLY_ALL * field.things);
    const share = Math.floor((1000 * done) / field.things) / 10;
    const busy = field.cells - field.idle;
    const unit = field.nodesPerCell === 1 ? 'nodes' : `groups of ${field.nodesPerCell} nodes`;
    const text =
      `${share.toFixed(1)} % of ${field.things.toLocaleString('en-US')} ${data.things} ${data.done}; ` +
      `${field.complete[step].toLocaleString('en-US')} of ${busy.toLocaleString('en-US')} ${unit} complete`;
    this.output.value = text;
    this.canvas.setAttribute('aria-label', `${field.label}: ${text}`);
  }

  private paint(step: number, stragglers: boolean): void {
    const context = this.canvas.getContext('2d');
    if (context === null) return;
    const style = getComputedStyle(document.documentElement);
    const colour = (name: string): string => style.getPropertyValue(name).trim();
    const [fresh, old, out] = [colour('--new'), colour('--old'), colour('--out')];
    const now = (step / this.data.steps) * LATEST;
    const { size, columns, codes } = this;
    context.clearRect(0, 0, this.canvas.width, this.canvas.height);
    for (let cell = 0; cell < this.field.cells; cell++) {
      const [x, y] = [(cell % columns) * size, Math.floor(cell / columns) * size];
      const side = size >= GAP_FROM ? size - 1 : size;
      if (codes[cell * CODES_PER_CELL + 5] === 0) {
        context.globalAlpha = 0.25;
        context.fillStyle = old;
        context.fillRect(x + side / 4, y + side / 4, side / 2, side / 2);
        continue;
      }
      const level = levelAt(codes, cell, now);
      context.globalAlpha = 1;
      context.fillStyle = stragglers && level < 5 ? out : old;
      context.fillRect(x, y, side, side);
      if (level === 0 || (stragglers && level < 5)) continue;
      context.globalAlpha = level / 5;
      context.fillStyle = fresh;
      context.fillRect(x, y, side, side);
    }
  }
}

/** Starts a section's slider, button and fields; the signal says that the section is gone. */
export function startWave(section: Element, signal?: AbortSignal): void {
  const json = section.querySelector('script[type="application/json"]')?.textContent;
  const slider = section.querySelector('input');
  const button = section.querySelector('button');
  const clock = section.querySelector('.clock');
  if (!json || slider === null || button === null || clock === null) return;
  const data = JSON.parse(json) as WaveData;
  const [canvases, outputs] = [section.querySelectorAll('canvas'), section.querySelectorAll('output')];
  const views = data.fields.map((field, i) => new FieldView(field, data, canvases[i], outputs[i]));
  const show = (): void => {
    const step = Number(slider.value);
    const time = `${((data.horizonS * step) / data.steps).toFixed(data.horizonS < 10 ? 2 : 1)} s`;
    clock.textContent = time;
    slider.setAttribute('aria-valuetext', time);
    for (const view of views) view.show(step);
  };
  let playing = 0;
  const stop = (): void => {
    cancelAnimationFrame(playing);
    playing = 0;
    button.textContent = 'Play';
  };
  const play = (): void => {
    const from = Number(slider.value) >= data.steps ? 0 : Number(slider.value);
    const began = performance.now();
    button.textContent = 'Pause';
    const frame = (at: number): void => {
      const step = Math.min(data.steps, from + Math.max(0, Math.floor(((at - began) / PLAY_MS) * data.steps)));
      slider.value = String(step);
      show();
      if (step < data.steps) playing = requestAnimationFrame(frame);
      else stop();
    };
    playing = requestAnimationFrame(frame);
  };
  button.addEventListener('click', () => (playing === 0 ? play() : stop()));
  slider.addEventListener('input', () => {
    stop();
    show();
  });
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', show, signal && { signal });
  signal?.addEventListener('abort', stop);
  // Half-way of the first field: a picture that tells something, also in print.
  const half = data.fields[0].done.findIndex((done) => done >= data.fields[0].things / 2);
  slider.value = String(half < 0 ? data.steps : half);
  show();
}

document.querySelectorAll('[data-wave]').forEach((section) => startWave(section));
