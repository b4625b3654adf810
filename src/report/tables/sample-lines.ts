import type { SampleTable } from '../../cluster/model/run-record.js';
import type { Dialect } from '../csv.js';
import { LineBytes } from '../line-bytes.js';
import type { LineChunk, Lines } from '../lines.js';
import type { RunOfScenario } from './run-rows.js';

/** Rows that are written at a time: half a megabyte. */
const CHUNK_ROWS = 4096;

/** The rows of `samples.csv`, from the columns of the runs' samples to bytes: there are millions of them. */
export class SampleLines implements Lines {
  private readonly runs: Iterator<RunOfScenario>;
  private readonly lines: LineBytes;
  private runId = '';
  private scenario = '';
  private samples: SampleTable | null = null;
  private row = 0;

  constructor(runs: Iterable<RunOfScenario>, dialect: Dialect) {
    this.runs = runs[Symbol.iterator]();
    this.lines = new LineBytes(dialect);
  }

  /** @throws Error when the stages of a sample do not sum to its delay: a fault of the model that no file may hide */
  next(most: number): LineChunk | null {
    const limit = Math.min(most, CHUNK_ROWS);
    let rows = 0;
    while (rows < limit) {
      const { samples } = this;
      if (samples === null || this.row === samples.update.length) {
        if (!this.nextRun()) break;
        continue;
      }
      const until = Math.min(this.row + limit - rows, samples.update.length);
      rows += until - this.row;
      while (this.row < until) this.write(samples, this.row++);
    }
    return rows === 0 ? null : { rows, bytes: this.lines.take() };
  }

  private nextRun(): boolean {
    const next = this.runs.next();
    if (next.done === true) return false;
    const { run, scenario } = next.value;
    this.runId = run.runId;
    this.scenario = scenario.name;
    // Those of two runs need not be in memory at once.
    this.samples = null;
    this.samples = run.readTables().samples;
    this.row = 0;
    return true;
  }

  /** The cells in the order of the columns of `samples.csv`. */
  private write(samples: SampleTable, row: number): void {
    const { lines, runId } = this;
    const delayUs = samples.projectedAtUs[row] - samples.writtenAtUs[row];
    if (samples.cacheDelayUs[row] + samples.syncWaitUs[row] + samples.refreshUs[row] !== delayUs) {
      throw new Error(`run ${runId}, sample ${row + 1}: the stages do not sum to the delay of ${delayUs} µs`);
    }
    lines.text(runId);
    lines.whole(samples.update[row]);
    lines.text(samples.object[row]);
    lines.whole(samples.version[row]);
    lines.text(samples.node[row]);
    lines.text(samples.pod[row]);
    lines.text(samples.as[row]);
    lines.seconds(samples.writtenAtUs[row]);
    lines.seconds(samples.projectedAtUs[row]);
    lines.seconds(delayUs);
    lines.seconds(samples.cacheDelayUs[row]);
    lines.seconds(samples.syncWaitUs[row]);
    lines.seconds(samples.refreshUs[row]);
    lines.text(this.scenario);
    lines.text(samples.pod[row].slice(0, samples.pod[row].indexOf('/')));
    lines.text(samples.owner[row]);
    lines.endLine();
  }
}
