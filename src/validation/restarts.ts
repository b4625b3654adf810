import { quantileSorted } from 'd3-array';
import { VERB } from '../cluster/model/verbs.js';
import { STATUS } from '../cluster/kube-apiserver/requests.js';
import type { ModelInput } from '../cluster/model/model-input.js';
import { type Group, groups, laboratorySpec, laboratoryTopology, durationText } from './laboratory.js';
import { measuredRows } from './measured-files.js';
import { modelOf } from './model.js';
import type { Observation } from './observation.js';
import { START_CPU_S } from './storm.js';

/** The two times that the laboratory's API server went away. Times in seconds on the measurements' clock. */
interface Restart {
  readonly name: string;
  readonly mode: 'crash' | 'graceful';
  /** Simulated before the stop, s: after the kill all watches have been opened anew, so none of them ends in the drain. */
  readonly before: number;
  readonly startsWith: 'steady' | 'cold';
  /** When the process is told to stop, ends, and is started anew. */
  readonly stop: number;
  readonly exit: number;
  readonly start: number;
  readonly ready: number;
  /** End of what the log shows of it. */
  readonly end: number;
  /** Why the model is known to miss what follows. */
  readonly explanation: string;
}

/** A figure of a restart. */
export interface RestartFigure {
  readonly name: string;
  readonly unit: string;
  readonly of: (requests: readonly KubeletRequest[]) => number;
}

/** A request for a Secret that the new process answered. */
export interface KubeletRequest {
  readonly verb: 'list' | 'watch';
  readonly allowed: boolean;
  /** From the start of the new process, s. */
  readonly at: number;
}

/** Of a server that starts alone: 5.0 s until ready, of which 4.0 s are CPU on one core (`START_CPU_S`), the rest waits. */
const START_WAIT_S = 1.0;

const DYING_CONNECTION =
  'at the kill 124 of 176 WATCHes went out on the dying connection, so that their reflectors came back with a LIST; the model breaks a connection for all of its streams at once';

function restarts(): readonly Restart[] {
  const at = (event: string, from = 0): number =>
    Number(measuredRows('restart-events').find((row) => row.event === event && Number(row.at_s) >= from)?.at_s);
  const sigterm = at('sigterm');
  return [
    {
      name: 'kill -9',
      mode: 'crash',
      before: 60,
      startsWith: 'steady',
      stop: 0,
      exit: 0,
      start: at('start'),
      ready: at('ready'),
      end: sigterm,
      explanation: DYING_CONNECTION,
    },
    {
      name: 'SIGTERM',
      mode: 'graceful',
      before: sigterm,
      startsWith: 'cold',
      stop: sigterm,
      exit: at('exited'),
      start: at('start', sigterm),
      ready: at('ready', sigterm),
      end: at('end'),
      explanation:
        'the starting process got its share of the busy machine in waves: requests that could be answered at 7.7 s were answered until 13 s',
    },
  ];
}

/** The figures of a restart: who was refused, who listed, and when. */
export const RESTART_FIGURES: readonly RestartFigure[] = [
  { name: 'LISTs answered', unit: '1', of: (requests) => lists(requests).length },
  { name: 'LISTs forbidden', unit: '1', of: (requests) => forbidden(requests, 'list') },
  { name: 'WATCHes forbidden', unit: '1', of: (requests) => forbidden(requests, 'watch') },
  ...[0.5, 0.9, 1].map((share) => ({
    name: `${share * 100} % of the reflectors have listed, after the start`,
    unit: 's',
    of: (requests: readonly KubeletRequest[]) => quantileSorted(lists(requests), share) ?? NaN,
  })),
];

const lists = (requests: readonly KubeletRequest[]): number[] =>
  requests
    .filter(({ verb, allowed }) => verb === 'list' && allowed)
    .map(({ at }) => at)
    .sort((a, b) => a - b);

const forbidden = (requests: readonly KubeletRequest[], verb: string): number =>
  requests.filter((request) => request.verb === verb && !request.allowed).length;

/** A restart as a group of reflectors met it: what was measured, and the simulation. */
export interface RestartCase {
  readonly restart: string;
  readonly group: string;
  readonly explanation: string;
  readonly measured: readonly KubeletRequest[];
  readonly input: ModelInput;
  readonly read: (observation: Observation) => readonly KubeletRequest[];
}

/** Both restarts, for each group that watches. */
export function restartCases(): RestartCase[] {
  return restarts().flatMap((restart) =>
    groups()
      .filter((group) => group.configMapAndSecretChangeDetectionStrategy === 'Watch')
      .map((group) => ({
        restart: restart.name,
        group: group.group,
        explanation: restart.explanation,
        measured: measuredRequests(restart, group.group),
        input: restartInput(restart, group),
        read: readRequests(restart),
      })),
  );
}

/** A WATCH that is answered 403 has two lines in the log, one for each stage. */
function measuredRequests({ start, end }: Restart, group?: string): KubeletRequest[] {
  return measuredRows('restart-requests')
    .filter(
      (row) =>
        (group === undefined || row.group === group) &&
        row.stage === 'ResponseComplete' &&
        Number(row.received_at_s) >= start &&
        Number(row.received_at_s) < end,
    )
    .flatMap(({ verb, status, received_at_s }): KubeletRequest[] =>
      verb === 'list' || verb === 'watch'
        ? [{ verb, allowed: status === '200', at: Number(received_at_s) - start }]
        : [],
    );
}

/**
 * The group with that restart. The server's own times of starting are read off the log. How long it took to be
 * ready, with an amount of CPU that is known, tells what share of the busy machine it had.
 */
function restartInput(restart: Restart, group: Group): ModelInput {
  const all = measuredRequests(restart);
  const serves = Math.min(...all.map(({ at }) => at));
  // From here on the node authorizer's graph is filled, for which the model's server is ready.
  const fills = Math.max(...all.filter(({ allowed }) => !allowed).map(({ at }) => at));
  const cores = START_CPU_S / (restart.ready - restart.start - START_WAIT_S);
  const spec = laboratorySpec(group);
  return modelOf(
    {
      ...spec,
      start: restart.startsWith,
      duration: durationText(restart.before + restart.end - restart.stop),
      apiServer: {
        ...spec.apiServer,
        capacity: cores,
        startup: {
          serveCpu: durationText(cores * (serves - START_WAIT_S)),
          readyCpu: durationText(cores * (fills - serves)),
        },
        shutdown: durationText(restart.exit - restart.stop),
      },
      timeline: [
        {
          at: durationText(restart.before),
          restartApiServer: {
            servers: 'all',
            downtime: durationText(restart.start - restart.exit),
            mode: restart.mode,
          },
        },
      ],
    },
    { topology: laboratoryTopology([group.group]) },
  );
}

function readRequests(restart: Restart): (observation: Observation) => readonly KubeletRequest[] {
  const start = restart.before + restart.start - restart.stop;
  return ({ requests }) =>
    Array.from(requests.atS).flatMap((at, i): KubeletRequest[] => {
      const verb = requests.verb[i];
      const status = requests.status[i];
      const known =
        (verb === VERB.LIST || verb === VERB.WATCH) && (status === STATUS.OK || status === STATUS.FORBIDDEN);
      if (at < start || !known) return [];
      return [{ verb: verb === VERB.LIST ? 'list' : 'watch', allowed: status === STATUS.OK, at: at - start }];
    });
}
