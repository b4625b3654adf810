/** Workqueues, each with a ticker (`util/workqueue/queue.go` defaultUnfinishedWorkUpdatePeriod), µs. */
const WORKQUEUES = 28;
const UNFINISHED_WORK_UPDATE_PERIOD_US = 500e3;
/** Watch caches, whose loop waits for its next bookmarks (`cacher.go` dispatchEvents: 1 to 1.25 s), µs. */
const CACHERS = 61;
const BOOKMARK_TIMER_US = 1.125e6;
/** Who waits for informers to sync looks again so often (`tools/cache/shared_informer.go` syncedPollPeriod), µs. */
const SYNC_POLLERS = 25;
const SYNCED_POLL_PERIOD_US = 100e3;

const ALWAYS_US: readonly number[] = [UNFINISHED_WORK_UPDATE_PERIOD_US / WORKQUEUES, BOOKMARK_TIMER_US / CACHERS];
const UNTIL_SYNCED_US: readonly number[] = [...ALWAYS_US, SYNCED_POLL_PERIOD_US / SYNC_POLLERS];

/**
 * The timers of an API server's own goroutines. A P looks at its timers between two goroutines (`schedule`, checkTimers,
 * runtime/proc.go): who is woken by one runs next, and who would have been next, since the one before has woken it, loses
 * its turn. That is what counts of them; the CPU that they take is not modelled.
 *
 * How many there are is counted in an execution trace of 1.37.2: 382 a second until its informers have synced, 130 then,
 * at nearly as many instants; those here come to 360 and 110, the others are rare ones and the trace's own. Assumption: as
 * many in all releases, and evenly spread.
 */
export class OwnTimers {
  /** Informers have not synced: goroutines wait for that. */
  unsynced = false;

  constructor(private readonly cores: number) {}

  /** True where a timer of a core ends after `since`, and at `now` at the latest, µs. */
  end(core: number, since: number, now: number): boolean {
    const each = this.unsynced ? UNTIL_SYNCED_US : ALWAYS_US;
    for (let i = 0; i < each.length; i++) {
      const period = each[i] * this.cores;
      const phase = core * each[i];
      if (Math.floor((now + phase) / period) > Math.floor((since + phase) / period)) return true;
    }
    return false;
  }
}
