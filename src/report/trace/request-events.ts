import { group } from 'd3-array';
import { SECOND_US } from '../../sim/units.js';
import { STATUS, STATUSES } from '../../cluster/kube-apiserver/requests.js';
import { OBJECT_KINDS } from '../../cluster/model/kinds.js';
import { VERBS, VERB } from '../../cluster/model/verbs.js';
import type { ObservationLog } from '../../cluster/model/observation-log.js';
import type { Population } from '../../cluster/population/population.js';
import type { Process, TraceEvent } from './trace-events.js';

/** How requests end. */
const ENDS: Readonly<Record<(typeof STATUSES)[number], string>> = {
  OK: 'OK',
  REFUSED: 'refused',
  LOST: 'connection lost',
  TOO_MANY_REQUESTS: '429',
  GONE: '410',
  TIMED_OUT: '504',
  FORBIDDEN: '403',
  UNCONNECTED: 'no connection in time',
  TOO_LARGE: '504, too large resource version',
};

/** What a kubelet asked and watched, as far as requests were events. */
export class RequestEvents {
  private readonly requests: ReadonlyMap<number, readonly number[]>;
  private readonly watches: ReadonlyMap<number, readonly number[]>;

  /** @param nodes those that are asked for later */
  constructor(
    private readonly log: ObservationLog,
    private readonly population: Population,
    nodes: ReadonlySet<number>,
  ) {
    this.requests = rowsOn(nodes, log.entry.view(), population);
    this.watches = rowsOn(nodes, log.watchEntry.view(), population);
  }

  /**
   * The answers of a node's requests as instants, and its watches as slices of the process, a group of events each; what
   * was before the measured period is left out, and a watch that was open at its start begins there.
   * @param endUs end of the run: that of the watches that are still open
   */
  of(node: number, process: Process, endUs: number): readonly (readonly TraceEvent[])[] {
    const requests = (this.requests.get(node) ?? []).filter((row) => this.log.at.get(row) >= 0);
    const tid = requests.length === 0 ? 0 : process.thread('requests');
    return [...requests.map((row) => [this.answer(row, process.pid, tid)]), ...this.watchSlices(node, process, endUs)];
  }

  private answer(row: number, pid: number, tid: number): TraceEvent {
    const { verb, entry, status, quorum, at } = this.log;
    return {
      ph: 'i',
      name: `${VERBS[verb.get(row)].toUpperCase()} ${this.objectOf(entry.get(row))}`,
      cat: 'request',
      pid,
      tid,
      ts: at.get(row),
      s: 't',
      args: { status: ENDS[STATUSES[status.get(row)]], quorum: quorum.get(row) === 1 },
    };
  }

  private watchSlices(node: number, { pid }: Process, endUs: number): readonly (readonly TraceEvent[])[] {
    const { log } = this;
    const over = (this.watches.get(node) ?? []).map((row) => ({
      entry: log.watchEntry.get(row),
      from: log.watchFrom.get(row),
      to: log.watchTo.get(row),
    }));
    const begins = (this.requests.get(node) ?? [])
      .filter((row) => log.verb.get(row) === VERB.WATCH && log.status.get(row) === STATUS.OK)
      .map((row) => ({ entry: log.entry.get(row), from: log.at.get(row), to: Math.max(endUs, log.at.get(row)) }));
    const known = new Set(over.map(({ entry, from }) => `${entry} ${from}`));
    const open = begins.filter(({ entry, from }) => !known.has(`${entry} ${from}`));
    return [...over, ...open]
      .filter(({ to }) => to > 0)
      .map(({ entry, from, to }) => {
        const name = `watch of ${this.objectOf(entry)}`;
        // Local: of this process alone. A global id makes one track of the watches of several nodes.
        const common = { name, cat: 'watch', pid, id2: { local: `0x${(entry + 1).toString(16)}` } };
        return [
          { ...common, ph: 'b', ts: Math.max(0, from), args: { opened_at_s: from / SECOND_US } },
          { ...common, ph: 'e', ts: to },
        ];
      });
  }

  private objectOf(entry: number): string {
    const object = this.population.entryObject[entry];
    return `${OBJECT_KINDS[this.population.objectKind[object]]} ${this.population.objectName(object)}`;
  }
}

/** The rows whose entry is on one of the nodes, by node. */
function rowsOn(
  nodes: ReadonlySet<number>,
  entries: Int32Array,
  { entryNode }: Population,
): ReadonlyMap<number, readonly number[]> {
  const rows: number[] = [];
  entries.forEach((entry, row) => {
    if (nodes.has(entryNode[entry])) rows.push(row);
  });
  return group(rows, (row) => entryNode[entries[row]]);
}
