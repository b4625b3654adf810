import type { RunProgress } from './runner.js';
import { visible } from '../language/values/visible.js';

/** Where progress is shown: standard error, a terminal or not. */
export interface ProgressStream {
  readonly isTTY?: boolean;
  readonly columns?: number;
  write(text: string): unknown;
}

const BAR_CELLS = 20;
/** Width of a terminal that does not tell it. */
const COLUMNS = 80;
/** Without a terminal: a line at a tenth of the runs, at the end, and whenever 10 s have passed since the last. */
const PLAIN_PERIOD_S = 10;
/** Tenths that pass faster than this are not told one by one. */
const PLAIN_PAUSE_S = 1;

/** Shows how far an execution is: one line that is redrawn on a terminal, else a plain line now and then. */
export class ProgressLine {
  private readonly name: string;
  private readonly stream: ProgressStream;
  /** Seconds on a clock that only runs forward. */
  private readonly now: () => number;
  private readonly startedAt: number;
  private readonly timer: NodeJS.Timeout;
  private latest: RunProgress | null = null;
  private printedAt: number;
  private printedTenth = 0;
  /** The end was told in a plain line. */
  private told = false;

  constructor(name: string, stream: ProgressStream, now: () => number = () => performance.now() / 1000) {
    this.name = visible(name);
    this.stream = stream;
    this.now = now;
    this.startedAt = this.printedAt = now();
    this.timer = setInterval(() => {
      this.show();
    }, 1000).unref();
  }

  update(progress: RunProgress): void {
    this.latest = progress;
    this.show();
  }

  /** Ends the showing and clears the line of a terminal. */
  stop(): void {
    clearInterval(this.timer);
    if (this.stream.isTTY === true) this.stream.write('\r\u001b[K');
  }

  private show(): void {
    if (this.latest === null || this.told) return;
    const now = this.now();
    const text = progressText(this.name, this.latest, now - this.startedAt);
    if (this.stream.isTTY === true) {
      const cells = Math.floor(shareOf(this.latest) * BAR_CELLS);
      const line = `[${'█'.repeat(cells)}${'░'.repeat(BAR_CELLS - cells)}] ${text}`;
      this.stream.write(`\r\u001b[K${line.slice(0, (this.stream.columns || COLUMNS) - 1)}`);
      return;
    }
    const { done, total, open = false } = this.latest;
    const tenth = Math.floor(shareOf(this.latest) * 10);
    const pause = now - this.printedAt;
    const finished = done === total && !open;
    const due = finished || pause >= PLAIN_PERIOD_S || (tenth > this.printedTenth && pause >= PLAIN_PAUSE_S);
    if (!due) return;
    this.printedTenth = tenth;
    this.told = finished;
    this.printedAt = now;
    this.stream.write(`${text}\n`);
  }
}

/** How much of the work that is known is done, from 0 to 1. */
function shareOf({ done, total, underWay }: RunProgress): number {
  return Math.min(1, (done + (underWay?.() ?? 0)) / total);
}

/**
 * Progress in words, with the time left at the pace so far. Runs finished earlier do not count for the pace.
 * Where results may ask for more runs, `+` marks what may grow.
 */
export function progressText(name: string, progress: RunProgress, elapsedS: number): string {
  const { total, open = false, done, failed, resumed } = progress;
  const computed = shareOf(progress) * total - resumed;
  const more = open ? '+' : '';
  const parts = [`${name}: ${done}/${total}${more} runs`];
  if (!open) parts.push(`${Math.floor(shareOf(progress) * 100)} %`);
  if (resumed > 0) parts.push(`${resumed} resumed`);
  if (failed > 0) parts.push(`${failed} failed`);
  parts.push(`elapsed ${formatSeconds(elapsedS)}`);
  if (computed > 0 && done < total)
    parts.push(`left ${formatSeconds((elapsedS / computed) * (total - resumed - computed))}${more}`);
  return parts.join(', ');
}

/** `45s`, `3m07s`, `2h05m`. */
export function formatSeconds(seconds: number): string {
  const whole = Math.round(seconds);
  const pad = (value: number): string => String(value).padStart(2, '0');
  if (whole < 60) return `${whole}s`;
  if (whole < 3600) return `${Math.floor(whole / 60)}m${pad(whole % 60)}s`;
  const minutes = Math.round(seconds / 60);
  return `${Math.floor(minutes / 60)}h${pad(minutes % 60)}m`;
}
