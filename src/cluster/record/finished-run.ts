import { type OpenWatches, openWatches } from '../meters/watch-gauge.js';
import type { SampleTable } from '../model/run-record.js';
import type { RunCore } from './run-core.js';
import type { RunTotals } from './run-totals.js';
import { sampleTable } from './sample-table.js';
import type { ServerFigures } from './server-figures.js';
import { type ServerLoads, serverLoads } from './server-loads.js';
import { type BoundedUpdates, withBounds } from './update-bounds.js';
import { UpdateReporter } from './update-records.js';

/**
 * A run that is over, with what was only counted settled: once. What takes time to read off it is worked out when somebody
 * asks for it first, for most of who looks at a run looks at little of it.
 */
export class FinishedRun {
  /** Bookmarks per server and second. */
  readonly bookmarks: Int32Array;
  private updatesRead: BoundedUpdates | null = null;
  private watchesRead: OpenWatches | null = null;
  private serversRead: ServerLoads | null = null;
  private samplesRead: SampleTable | null | undefined;

  constructor(
    readonly core: RunCore,
    readonly totals: RunTotals,
    readonly servers: ServerFigures,
  ) {
    core.lives.settle();
    core.tally.settle();
    this.bookmarks = core.load.settleBookmarks();
  }

  /** The updates, and by when every pod has them. */
  get bounded(): BoundedUpdates {
    const { input, etcd, accounts, outcomes, pipeline, audiences } = this.core;
    const records = (): ReturnType<UpdateReporter['records']> =>
      new UpdateReporter(etcd, accounts, outcomes, input.exceedancesUs, pipeline).records();
    return (this.updatesRead ??= withBounds(records(), input, etcd, audiences));
  }

  get watches(): OpenWatches {
    const { load, input } = this.core;
    return (this.watchesRead ??= openWatches(load, input.durationUs, input.loadBinUs));
  }

  get serverLoads(): ServerLoads {
    const { input, load, caches } = this.core;
    return (this.serversRead ??= serverLoads(input, load, caches, this.servers));
  }

  /** The projections that were kept; null: none were wanted. */
  get samples(): SampleTable | null {
    if (this.samplesRead === undefined) this.samplesRead = sampleTable(this.core);
    return this.samplesRead;
  }
}
