/**
 * An event of a trace. Format: "Trace Event Format" (docs.google.com/document/d/1CvAClvFfyA5R-PhYUmn5OOQtYMH4h6I0nSsKchNAySU),
 * which chrome://tracing and ui.perfetto.dev open. `X` is a slice of a thread, nested by its times; `s`, `t` and `f` are
 * the start, steps and end of a flow, each bound to the slice of its thread around it; `b` and `e` begin and end a slice
 * of a process; `i` is an instant, `C` a counter, `M` a name.
 */
export interface TraceEvent {
  readonly ph: 'X' | 's' | 't' | 'f' | 'b' | 'e' | 'i' | 'C' | 'M';
  readonly name: string;
  readonly pid: number;
  readonly tid?: number;
  /** µs since the start of the measured period; names have none. */
  readonly ts?: number;
  /** µs. */
  readonly dur?: number;
  readonly cat?: string;
  /** Of a flow. Text that is no hexadecimal number would be lost in Perfetto. */
  readonly id?: number;
  /** Of a slice of a process: known within the process only. */
  readonly id2?: { readonly local: string };
  /** Of a flow's end: it belongs to the slice around it, not to the next one. */
  readonly bp?: 'e';
  /** Scope of an instant: its thread, its process or all. */
  readonly s?: 't' | 'p' | 'g';
  readonly args?: Readonly<Record<string, string | number | boolean | null>>;
}

/** A process of the trace: a node, a server or the writes. */
export interface Process {
  readonly pid: number;
  /** The thread of that name, made when it is first asked for. */
  thread(name: string): number;
}

/**
 * The events of a trace, up to a maximum. From the first that does not fit on, none is taken: what a trace leaves out
 * is then its end in the order of adding, and not what happened to be large.
 */
export class TraceEvents {
  readonly list: TraceEvent[] = [];
  private full = false;
  /** Names of tracks that have no event yet. */
  private unused: TraceEvent[] = [];
  private tracks = 0;

  constructor(private readonly max: number) {}

  /** Adds events that only make sense together, and the names of their tracks. @returns whether they were taken */
  add(events: readonly TraceEvent[]): boolean {
    this.full ||= this.list.length + this.unused.length + events.length > this.max;
    if (this.full) return false;
    this.list.push(...this.unused, ...events);
    this.unused = [];
    return true;
  }

  /** A process; processes and threads are shown in the order in which they are made. */
  process(name: string): Process {
    const pid = ++this.tracks;
    this.nameTrack('process', pid, pid, name);
    const threads = new Map<string, number>();
    return {
      pid,
      thread: (threadName) => {
        let tid = threads.get(threadName);
        if (tid === undefined) {
          // Never the number of a process: that thread would pass for its main thread.
          tid = ++this.tracks;
          threads.set(threadName, tid);
          this.nameTrack('thread', pid, tid, threadName);
        }
        return tid;
      },
    };
  }

  private nameTrack(what: 'process' | 'thread', pid: number, tid: number, name: string): void {
    this.unused.push(
      { ph: 'M', name: `${what}_name`, pid, tid, args: { name } },
      { ph: 'M', name: `${what}_sort_index`, pid, tid, args: { sort_index: this.tracks } },
    );
  }
}

/** A time span of a track, µs. */
export interface Span {
  readonly fromUs: number;
  readonly toUs: number;
}

/**
 * Spreads spans, ordered by their start, over as few lanes as keep those of a lane apart: slices of a thread must not
 * overlap. @returns the lane of each, from 0
 */
export function lanesOf(spans: readonly Span[]): readonly number[] {
  const ends: number[] = [];
  return spans.map(({ fromUs, toUs }) => {
    const free = ends.findIndex((end) => end <= fromUs);
    const lane = free < 0 ? ends.length : free;
    ends[lane] = toUs;
    return lane;
  });
}

/** The name of a lane: the first has none of its own. */
export function laneName(name: string, lane: number): string {
  return lane === 0 ? name : `${name} (${lane + 1})`;
}
