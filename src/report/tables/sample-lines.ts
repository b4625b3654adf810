import type { SampleTable } from '../../cluster/model/run-record.js';
import { type CodedSamples, codedSamples, type CodedTexts, delayOf } from '../../cluster/record/coded-samples.js';
import type { Dialect } from '../csv.js';
import { LineBytes } from '../line-bytes.js';
import { LinePieces } from '../line-pieces.js';
import type { LineChunk, Lines } from '../lines.js';
import type { RunOfScenario } from './run-rows.js';

/** Rows that are written at a time: half a megabyte. */
const CHUNK_ROWS = 4096;

/** The rows of `samples.csv`, from the columns of the runs' samples to bytes: there are millions of them. */
export class SampleLines implements Lines {
  private readonly runs: Iterator<RunOfScenario>;
  private readonly lines: LineBytes;
  private run: RunLines | null = null;

  constructor(runs: Iterable<RunOfScenario>, dialect: Dialect) {
    this.runs = runs[Symbol.iterator]();
    this.lines = new LineBytes(dialect);
  }

  /** @throws Error when the stages of a sample do not sum to its delay: a fault of the model that no file may hide */
  next(most: number): LineChunk | null {
    const limit = Math.min(most, CHUNK_ROWS);
    let rows = 0;
    while (rows < limit) {
      if (this.run === null || this.run.left === 0) {
        if (!this.nextRun()) break;
        continue;
      }
      rows += this.run.write(limit - rows);
    }
    return rows === 0 ? null : { rows, bytes: this.lines.take() };
  }

  private nextRun(): boolean {
    const next = this.runs.next();
    if (next.done === true) return false;
    const { run, scenario } = next.value;
    // Those of two runs need not be in memory at once.
    this.run = null;
    const { samples } = run.readTables();
    if (samples !== null) this.run = new RunLines(this.lines, run.runId, scenario.name, samples);
    return true;
  }
}

/** The rows of one run. What the rows of an update, or of a consumer, have in common is written once and copied then. */
class RunLines {
  private readonly samples: CodedSamples;
  /** From run to version, and when it was written: by update. */
  private readonly begins: LinePieces;
  private readonly writtenAt: LinePieces;
  /** From node to mode, and from scenario to owner: by consumer. */
  private readonly places: LinePieces;
  private readonly ends: LinePieces;
  /** From when a row was projected to its last stage, µs. */
  private readonly times = new Float64Array(5);
  private row = 0;
  private update = 0;

  constructor(
    private readonly lines: LineBytes,
    private readonly runId: string,
    private readonly scenario: string,
    samples: SampleTable,
  ) {
    this.samples = codedSamples(samples);
    const { updates, consumers, rows } = this.samples;
    this.begins = new LinePieces(updates.end.length);
    this.writtenAt = new LinePieces(updates.end.length);
    const consumerCount = consumers.pod.codes.length;
    // What comes once is not worth it.
    const kept = rows.consumer.length >= 2 * consumerCount ? consumerCount : 0;
    this.places = new LinePieces(kept);
    this.ends = new LinePieces(kept);
  }

  /** Rows that are not written yet. */
  get left(): number {
    return this.samples.rows.consumer.length - this.row;
  }

  /** Writes the next rows, at most so many. @returns how many */
  write(most: number): number {
    const { end } = this.samples.updates;
    const first = this.row;
    const until = first + Math.min(most, this.left);
    while (this.row < until) {
      if (this.row === end[this.update]) this.update++;
      this.writeUpdate(Math.min(until, end[this.update]));
    }
    return until - first;
  }

  /** Writes the rows of an update up to one (exclusive). */
  private writeUpdate(until: number): void {
    const { lines, update, begins, writtenAt, places, ends, times } = this;
    const { updates, rows } = this.samples;
    const { consumer, cacheDelayUs, syncWaitUs, refreshUs } = rows;
    const writtenAtUs = updates.writtenAtUs[update];
    for (let row = this.row; row < until; row++) {
      const delayUs = delayOf(rows, row);
      if (!begins.write(update, lines)) this.begin(update);
      if (!places.write(consumer[row], lines)) this.place(consumer[row]);
      if (!writtenAt.write(update, lines)) this.written(update);
      times[0] = writtenAtUs + delayUs;
      times[1] = delayUs;
      times[2] = cacheDelayUs[row];
      times[3] = syncWaitUs[row];
      times[4] = refreshUs[row];
      lines.allSeconds(times);
      if (!ends.write(consumer[row], lines)) this.end(consumer[row]);
    }
    this.row = until;
  }

  /** The cells from `run_id` to `version`. */
  private begin(update: number): void {
    const { lines, begins } = this;
    const { updates } = this.samples;
    const { place } = lines;
    lines.text(this.runId);
    lines.whole(updates.update[update]);
    lines.text(updates.object[update]);
    lines.whole(updates.version[update]);
    begins.keep(update, lines, place);
  }

  /** The cell of `written_at_s`. */
  private written(update: number): void {
    const { lines, writtenAt } = this;
    const { place } = lines;
    lines.seconds(this.samples.updates.writtenAtUs[update]);
    writtenAt.keep(update, lines, place);
  }

  /** The cells from `node` to `as`. */
  private place(consumer: number): void {
    const { lines, places } = this;
    const { node, pod, as } = this.samples.consumers;
    const { place } = lines;
    lines.text(textOf(node, consumer));
    lines.text(textOf(pod, consumer));
    lines.text(textOf(as, consumer));
    places.keep(consumer, lines, place);
  }

  /** The cells from `scenario` to `owner`. */
  private end(consumer: number): void {
    const { lines, ends } = this;
    const { pod, owner } = this.samples.consumers;
    const { place } = lines;
    const name = textOf(pod, consumer);
    lines.text(this.scenario);
    lines.text(name.slice(0, name.indexOf('/')));
    lines.text(textOf(owner, consumer));
    lines.endLine();
    ends.keep(consumer, lines, place);
  }
}

function textOf({ texts, codes }: CodedTexts, place: number): string {
  return texts[codes[place]];
}
