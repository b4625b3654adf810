import type { SampleTable } from '../../cluster/model/run-record.js';
import { type SampleTexts, sampleTexts } from '../../cluster/record/sample-texts.js';
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

/** The rows of one run. What the rows of an update, or of a pod, have in common is written once and copied then. */
class RunLines {
  private readonly texts: SampleTexts;
  /** From node to mode, and from scenario to owner: by pod. */
  private readonly places: LinePieces;
  private readonly ends: LinePieces;
  /** From run to version: of the row before. */
  private readonly beginning = new LinePieces(1);
  private row = 0;

  constructor(
    private readonly lines: LineBytes,
    private readonly runId: string,
    private readonly scenario: string,
    private readonly samples: SampleTable,
  ) {
    this.texts = sampleTexts(samples);
    const pods = this.texts.pod.texts.length;
    // A pod that comes once is not worth it.
    const kept = samples.update.length >= 2 * pods ? pods : 0;
    this.places = new LinePieces(kept);
    this.ends = new LinePieces(kept);
  }

  /** Rows that are not written yet. */
  get left(): number {
    return this.samples.update.length - this.row;
  }

  /** Writes the next rows, at most so many. @returns how many */
  write(most: number): number {
    const { lines, samples, row: first } = this;
    const { writtenAtUs, projectedAtUs, cacheDelayUs, syncWaitUs, refreshUs } = samples;
    const until = Math.min(first + most, samples.update.length);
    for (let row = first; row < until; row++) {
      const delayUs = projectedAtUs[row] - writtenAtUs[row];
      if (cacheDelayUs[row] + syncWaitUs[row] + refreshUs[row] !== delayUs) {
        throw new Error(`run ${this.runId}, sample ${row + 1}: the stages do not sum to the delay of ${delayUs} µs`);
      }
      this.begin(row);
      this.place(row);
      lines.seconds(writtenAtUs[row]);
      lines.seconds(projectedAtUs[row]);
      lines.seconds(delayUs);
      lines.seconds(cacheDelayUs[row]);
      lines.seconds(syncWaitUs[row]);
      lines.seconds(refreshUs[row]);
      this.end(row);
    }
    this.row = until;
    return until - first;
  }

  /** The cells from `run_id` to `version`. */
  private begin(row: number): void {
    const { lines, samples, beginning } = this;
    const { object } = this.texts;
    const { place } = lines;
    const sameUpdate =
      row > 0 &&
      samples.update[row] === samples.update[row - 1] &&
      object.rows[row] === object.rows[row - 1] &&
      samples.version[row] === samples.version[row - 1];
    if (sameUpdate && beginning.write(0, 0, lines)) return;
    lines.text(this.runId);
    lines.whole(samples.update[row]);
    lines.text(object.texts[object.rows[row]]);
    lines.whole(samples.version[row]);
    beginning.keep(0, 0, lines, place);
  }

  /** The cells from `node` to `as`. */
  private place(row: number): void {
    const { lines, places } = this;
    const { node, pod, as } = this.texts;
    const key = node.rows[row] * as.texts.length + as.rows[row];
    if (places.write(pod.rows[row], key, lines)) return;
    const { place } = lines;
    lines.text(node.texts[node.rows[row]]);
    lines.text(pod.texts[pod.rows[row]]);
    lines.text(as.texts[as.rows[row]]);
    places.keep(pod.rows[row], key, lines, place);
  }

  /** The cells from `scenario` to `owner`. */
  private end(row: number): void {
    const { lines, ends } = this;
    const { pod, owner } = this.texts;
    if (ends.write(pod.rows[row], owner.rows[row], lines)) return;
    const { place } = lines;
    const name = pod.texts[pod.rows[row]];
    lines.text(this.scenario);
    lines.text(name.slice(0, name.indexOf('/')));
    lines.text(owner.texts[owner.rows[row]]);
    lines.endLine();
    ends.keep(pod.rows[row], owner.rows[row], lines, place);
  }
}
