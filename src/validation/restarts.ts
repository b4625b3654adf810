import { median, quantileSorted } from 'd3-array';
import { SECOND_US } from '../sim/units.js';
import { measuredFor } from '../cluster/model/measured-costs.js';
import { VERB } from '../cluster/model/verbs.js';
import { STATUS } from '../cluster/kube-apiserver/requests.js';
import type { ModelInput } from '../cluster/model/model-input.js';
import { InputError } from '../experiment/language/values/input-error.js';
import type { Group, Laboratory } from './laboratory.js';
import { laboratorySpec, laboratoryTopology, durationText } from './laboratory-cluster.js';
import { withLatencies } from './laboratory-latencies.js';
import { dialsOf } from './restart-dials.js';
import type { CsvRow } from './measured-folder.js';
import { modelOf } from './model.js';
import type { Observed } from './observation.js';

/** A WATCH that lives that long has not been answered 410 (`reflector.go`: "very short watch"), s. */
const GOES_ON_S = 1;

/** Simulated before the first restart, s. */
const QUIET_BEFORE_S = 60;

/** A time that the laboratory's API server went away. Times in seconds on the clock of the restarts. */
interface Restart {
  readonly name: string;
  readonly mode: 'crash' | 'graceful';
  /** The restart before, which is simulated, too: when its watches began says when their bookmarks come; null: the first. */
  readonly after: Restart | null;
  /** When the process is told to stop, ends, and is started anew. */
  readonly stop: number;
  readonly exit: number;
  readonly start: number;
  readonly ready: number;
  /** End of what the log shows of it. */
  readonly end: number;
}

/** What the new process answered to the kubelets of a group. */
export interface RestartRequests {
  readonly answeredLists: number;
  readonly forbiddenLists: number;
  readonly forbiddenWatches: number;
  /** WATCHes that began with the state. */
  readonly streamedStates: number;
  /**
   * When each reflector had its state again, by a LIST, by a WATCH that begins with it, or by one that goes on from the
   * version that the reflector knows, from the start of the process, ascending, s.
   */
  readonly backS: readonly number[];
}

/** A figure of a restart. */
export interface RestartFigure {
  readonly name: string;
  readonly unit: string;
  readonly of: (requests: RestartRequests) => number;
}

/** The figures of a restart: who was refused, who came back, and when. */
export const RESTART_FIGURES: readonly RestartFigure[] = [
  { name: 'LISTs answered', unit: '1', of: ({ answeredLists }) => answeredLists },
  { name: 'LISTs forbidden', unit: '1', of: ({ forbiddenLists }) => forbiddenLists },
  { name: 'WATCHes that begin with the state', unit: '1', of: ({ streamedStates }) => streamedStates },
  { name: 'WATCHes forbidden', unit: '1', of: ({ forbiddenWatches }) => forbiddenWatches },
  { name: 'reflectors have their state again', unit: '1', of: ({ backS }) => backS.length },
  ...[0.5, 0.9, 1].map((share) => ({
    name: `${share * 100} % of the reflectors have their state again, after the start`,
    unit: 's',
    of: ({ backS }: RestartRequests) => quantileSorted([...backS], share) ?? NaN,
  })),
];

/** The restarts that a laboratory has; none where it has no table of them. */
function restarts({ tables }: Laboratory): readonly Restart[] {
  const events = tables.optionalRows('restart-events', { text: ['event'], numbers: ['at_s'] });
  if (events.length === 0) return [];
  const at = (event: string, from = -Infinity): number => {
    const found = events.find((row) => row.event === event && Number(row.at_s) >= from);
    if (found === undefined)
      throw new InputError([
        `${tables.path}: restart-events.csv lacks ${event}; expected kill9, start, ready, sigterm, exited, start, ready`,
      ]);
    return Number(found.at_s);
  };
  const sigterm = at('sigterm');
  const last = Math.max(...requestRows(tables).map((row) => Number(row.received_at_s)));
  const kill: Restart = {
    name: 'kill -9',
    mode: 'crash',
    after: null,
    stop: at('kill9'),
    exit: at('kill9'),
    start: at('start'),
    ready: at('ready'),
    end: sigterm,
  };
  return [
    kill,
    {
      name: 'SIGTERM',
      mode: 'graceful',
      after: kill,
      stop: sigterm,
      exit: endOfWatches({ tables }, sigterm, at('exited', sigterm)),
      start: at('start', sigterm),
      ready: at('ready', sigterm),
      end: events.some(({ event }) => event === 'end') ? at('end') : last,
    },
  ];
}

/**
 * When a process that is told to end breaks its watches, before it has ended: the median of those that it had open; where
 * the log does not say that, when it has ended.
 */
function endOfWatches({ tables }: Pick<Laboratory, 'tables'>, sigterm: number, exited: number): number {
  const ends = requestRows(tables)
    .filter(({ verb, status, stage }) => verb === 'watch' && status === '200' && stage === 'ResponseComplete')
    .map((row) => Number(row.received_at_s) + Number(row.duration_s))
    .filter((end) => end > sigterm && end <= exited);
  return median(ends) ?? exited;
}

/** A restart as a group of reflectors met it: what was measured, and the simulation. */
export interface RestartCase {
  readonly laboratory: Laboratory;
  readonly restart: string;
  readonly group: string;
  readonly measured: RestartRequests;
  readonly input: ModelInput;
  readonly read: (observation: Observed<'requests'>) => RestartRequests;
}

/** The restarts of a laboratory, for each group that watches Secrets and nothing else. */
export function restartCases(laboratory: Laboratory): RestartCase[] {
  const groups = laboratory.groups.filter(
    ({ configMapAndSecretChangeDetectionStrategy, volumes }) =>
      configMapAndSecretChangeDetectionStrategy === 'Watch' &&
      volumes.every((volume) => volume === 'shared' || volume === 'own' || volume === 'immutable'),
  );
  return restarts(laboratory).flatMap((restart) =>
    groups.map((group) => ({
      laboratory,
      restart: restart.name,
      group: group.group,
      measured: measuredRequests(laboratory, restart, group.group),
      input: restartInput(laboratory, restart, group),
      read: readRequests(restart),
    })),
  );
}

const requestRows = (tables: Laboratory['tables']): readonly CsvRow[] =>
  tables.rows('restart-requests', {
    text: ['group', 'node', 'verb', 'object', 'stage', 'status'],
    numbers: ['received_at_s'],
  });

/** Requests that the new process has answered; a WATCH has a line in the log for each of its two stages. */
function answeredRows({ tables }: Laboratory, { start, end }: Restart): CsvRow[] {
  return requestRows(tables).filter(
    (row) => row.stage === 'ResponseComplete' && Number(row.received_at_s) >= start && Number(row.received_at_s) < end,
  );
}

function measuredRequests(laboratory: Laboratory, restart: Restart, group: string): RestartRequests {
  const rows = answeredRows(laboratory, restart).filter((row) => row.group === group);
  const count = (verb: string, status: string): number =>
    rows.filter((row) => row.verb === verb && row.status === status).length;
  const streams = ({ initial_events = '' }: CsvRow): boolean => initial_events === 'true';
  // A WATCH at a version that the new process does not know is answered 200, carries the 410, and is over.
  const reads = rows.filter(
    (row) => row.status === '200' && (row.verb === 'list' || streams(row) || Number(row.duration_s) >= GOES_ON_S),
  );
  return {
    answeredLists: count('list', '200'),
    forbiddenLists: count('list', '403'),
    forbiddenWatches: count('watch', '403'),
    streamedStates: reads.filter(streams).length,
    backS: firstOfEach(
      reads.map(({ node, object, received_at_s }) => ({
        reflector: `${node} ${object}`,
        atS: Number(received_at_s) - restart.start,
      })),
    ),
  };
}

/** The first time of each reflector, ascending. */
function firstOfEach(reads: readonly { readonly reflector: string; readonly atS: number }[]): number[] {
  const first = new Map<string, number>();
  for (const { reflector, atS } of reads) first.set(reflector, Math.min(atS, first.get(reflector) ?? Infinity));
  return [...first.values()].sort((a, b) => a - b);
}

/**
 * The group with that restart. The server's own times of starting are read off the log. How long it took to be
 * ready, with what a start costs (`measuredFor`), tells what share of the busy machine it had.
 */
function restartInput(laboratory: Laboratory, restart: Restart, group: Group): ModelInput {
  const all = answeredRows(laboratory, restart);
  const times = (rows: readonly CsvRow[]): number[] => rows.map((row) => Number(row.received_at_s) - restart.start);
  const serves = servesAfter(laboratory, restart);
  // From here on the node authorizer's graph is filled, for which the model's server is ready.
  const fills = Math.max(serves, ...times(all.filter(({ status }) => status === '403')));
  const { startup } = measuredFor(laboratory.release);
  const cpuS = (startup.serveCpuUs + startup.readyCpuUs) / SECOND_US;
  const dials = dialsOf(laboratory, restart, group.group);
  const listenS = dials === null ? startup.listenUs / SECOND_US : dials.listensAt - restart.start;
  const waitS = listenS + startup.waitUs / SECOND_US;
  const cores = Math.min(laboratory.cores, cpuS / Math.max(0, restart.ready - restart.start - waitS));
  const spec = laboratorySpec(laboratory, group);
  const input = modelOf(
    {
      ...spec,
      start: 'steady',
      duration: durationText(beginsAt(restart) + restart.end - restart.stop),
      apiServer: {
        capacity: cores,
        startup: {
          listen: durationText(listenS),
          serveCpu: durationText(cores * Math.max(0, serves - waitS)),
          readyCpu: durationText(cores * (fills - serves)),
        },
        shutdown: durationText(restart.exit - restart.stop),
      },
      timeline: [...(restart.after === null ? [] : [restart.after]), restart].map((each) => ({
        at: durationText(beginsAt(each)),
        restartApiServer: {
          servers: 'all' as const,
          // What a start takes is that of the restart which is looked at: an earlier one begins when it serves on time.
          downtime: durationText(each.start + servesAfter(laboratory, each) - serves - each.exit),
          mode: each.mode,
        },
      })),
    },
    { topology: laboratoryTopology(laboratory, [group]) },
  );
  return withLatencies(withExit(input, laboratory, restart.after ?? restart, group), laboratory, group, 'rounds');
}

/** When a restart begins on the simulation's clock, s: the first after a minute, in which nothing happens. */
function beginsAt({ after, stop }: Restart): number {
  return QUIET_BEFORE_S + (after === null ? 0 : stop - after.stop);
}

/** How long after its start a process answers its first request, s. */
function servesAfter(laboratory: Laboratory, restart: Restart): number {
  return Math.min(...answeredRows(laboratory, restart).map((row) => Number(row.received_at_s) - restart.start));
}

/**
 * The end of a process that was killed. All kubelets share the laboratory's machine: when each has noticed, and when the
 * process had ended, is what their dials say. Where these are not known, the laboratory waited for its end before its
 * pause without a server.
 */
function withExit(input: ModelInput, laboratory: Laboratory, restart: Restart, { group }: Group): ModelInput {
  const { mode, stop, start } = restart;
  const { downtimeS } = laboratory;
  if (mode !== 'crash') return input;
  const us = (at: number): number => Math.round(Math.max(0, at - stop) * SECOND_US);
  const { goneAt = null, noticed = [] } = dialsOf(laboratory, restart, group) ?? {};
  const goneUs = us(goneAt ?? (downtimeS === null ? stop : start - downtimeS));
  const noticedUs = noticed.map(us);
  if (noticedUs.length === 0)
    return downtimeS === null ? input : { ...input, apiServer: { ...input.apiServer, killed: { goneUs } } };
  const lateUs = noticedUs.map((at) => at - noticedUs[0]);
  const connectionLoss = { p50Us: median(lateUs) ?? 0, p99Us: lateUs[lateUs.length - 1], measuredUs: lateUs };
  return {
    ...input,
    apiServer: { ...input.apiServer, killed: { goneUs, closesUs: noticedUs[0] } },
    network: { ...input.network, connectionLoss },
  };
}

function readRequests(restart: Restart): (observation: Observed<'requests'>) => RestartRequests {
  const start = beginsAt(restart) + restart.start - restart.stop;
  return ({ requests }) => {
    const { verb, status, initial, atS, node, object } = requests;
    const count = (wanted: number, answer: number): number =>
      verb.reduce((sum, each, i) => (each === wanted && status[i] === answer && atS[i] >= start ? sum + 1 : sum), 0);
    const reads = Array.from(atS).flatMap((at, i) =>
      at >= start && status[i] === STATUS.OK ? [{ reflector: `${node[i]} ${object[i]}`, atS: at - start }] : [],
    );
    return {
      answeredLists: count(VERB.LIST, STATUS.OK),
      forbiddenLists: count(VERB.LIST, STATUS.FORBIDDEN),
      forbiddenWatches: count(VERB.WATCH, STATUS.FORBIDDEN),
      streamedStates: atS.filter((at, i) => at >= start && status[i] === STATUS.OK && initial[i] === 1).length,
      backS: firstOfEach(reads),
    };
  };
}
