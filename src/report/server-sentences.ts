import { group } from 'd3-array';
import { type AnsweredScenario, FEW_SCENARIOS, scenarioLabel } from './answer-sentences.js';
import { compact } from './compact-numbers.js';
import {
  type AskedExperiment,
  killVerdict,
  type KillVerdict,
  serverVerdicts,
  type ServerVerdict,
} from './server-verdicts.js';

const GIB = 2 ** 30;
const MIB = 2 ** 20;
const MINUTE_S = 60;
const HOUR_S = 3600;

/** A sentence, and whether it tells of a server that its machine is too small for. */
export interface ServerSentence {
  readonly text: string;
  readonly exceeded: boolean;
}

/** What the API servers' machines are found to be, in sentences: one or two for each of few scenarios, or the worst of many. */
export function serverSentences(
  experiment: AskedExperiment,
  scenarios: readonly AnsweredScenario[],
): readonly ServerSentence[] {
  const found = scenarios.flatMap((scenario) => sentencesOf(experiment, scenario));
  if (scenarios.length <= FEW_SCENARIOS)
    return found.map(({ label, text, exceeded }) => ({ text: `${label}${text}.`, exceeded }));
  return [...group(found, ({ kind }) => kind).values()].map((same) => {
    const beyond = same.filter(({ exceeded }) => exceeded);
    const worst = same.reduce((most, each) => (each.share > most.share ? each : most));
    const count = `in ${beyond.length} of ${same.length} scenarios an API server needs more ${worst.kind} than it has`;
    return { text: `${count}; most: ${worst.label}${worst.text}.`, exceeded: beyond.length > 0 };
  });
}

interface Found extends ServerSentence {
  readonly kind: string;
  readonly label: string;
  /** Of the limit; of what is killed, the kills. */
  readonly share: number;
}

function sentencesOf(experiment: AskedExperiment, scenario: AnsweredScenario): readonly Found[] {
  const label = experiment.factorPaths.length === 0 ? '' : `${scenarioLabel(experiment, scenario)}: `;
  const killed = killVerdict(experiment, scenario);
  const verdicts = serverVerdicts(experiment, scenario).map((verdict): Found => {
    const exceeded = verdict.exceededIn > 0;
    const share = verdict.needed / verdict.limit;
    return { kind: verdict.resource === 'cpu' ? 'CPU' : 'memory', label, text: needText(verdict), exceeded, share };
  });
  if (killed === null || killed.kills === 0) return verdicts;
  const text = killText(killed);
  const kills: Found = { kind: 'memory', label, text, exceeded: true, share: 1 + killed.kills };
  // That its memory stays below the limit is no comfort.
  return [kills, ...verdicts.filter(({ kind }) => kind !== 'memory')];
}

function needText({ resource, server, needed, limit, atS, exceededIn, replications }: ServerVerdict): string {
  const most = exceededIn > 0 ? 'needs' : 'needs at most';
  const what =
    resource === 'cpu'
      ? `${compact(needed)} of ${compact(limit)} cores`
      : `${inUnit(needed, unitOf(limit))} of ${bytesText(limit)} of memory`;
  return `API server ${server} ${most} ${what} at ${clock(atS)}${inReplications(exceededIn, replications)}`;
}

function killText({ kills, limit, first, fewestServing, killedIn, replications }: KillVerdict): string {
  const times = kills === 1 ? 'once' : `${kills} times`;
  const who = first === null ? '' : `, server ${first.server} first at ${clock(first.atS)}`;
  const left = ['none of them serves', '1 of them serves'].at(fewestServing) ?? `${fewestServing} of them serve`;
  const what = `API servers run out of ${bytesText(limit)} of memory and are killed ${times}${who}; at worst ${left}`;
  return `${what}${inReplications(killedIn, replications)}`;
}

function inReplications(some: number, all: number): string {
  if (all <= 1 || some === 0) return '';
  return some === all ? ` (in all ${all} replications; the worst)` : ` (in ${some} of ${all} replications; the worst)`;
}

type Unit = 'GiB' | 'MiB';

function unitOf(bytes: number): Unit {
  return bytes >= GIB ? 'GiB' : 'MiB';
}

function inUnit(bytes: number, unit: Unit): string {
  return compact(bytes / (unit === 'GiB' ? GIB : MIB));
}

function bytesText(limit: number): string {
  return `${inUnit(limit, unitOf(limit))} ${unitOf(limit)}`;
}

/** Minutes and seconds from the start of the measured time: `6:02`, `1:06:02`. */
function clock(atS: number): string {
  const whole = Math.floor(atS);
  const two = (count: number): string => String(count).padStart(2, '0');
  const seconds = two(whole % MINUTE_S);
  const minutes = Math.floor(whole / MINUTE_S) % MINUTE_S;
  return whole < HOUR_S ? `${minutes}:${seconds}` : `${Math.floor(whole / HOUR_S)}:${two(minutes)}:${seconds}`;
}

/** What is found of the machines of a scenario's servers, for a program; nothing where it is not asked. */
export function serverFields(experiment: AskedExperiment, scenario: AnsweredScenario) {
  const verdicts = serverVerdicts(experiment, scenario);
  if (verdicts.length === 0) return {};
  const killed = killVerdict(experiment, scenario);
  return {
    servers: {
      answer: sentencesOf(experiment, scenario).map(({ text }) => `${text}.`),
      needed: verdicts.map(({ resource, server, needed, limit, atS, exceededIn, replications }) => ({
        resource,
        server,
        needed,
        limit,
        unit: resource === 'cpu' ? 'cores' : 'bytes',
        at_s: atS,
        exceeded_in: exceededIn,
        replications,
      })),
      ...(killed && {
        out_of_memory: {
          kills: killed.kills,
          first_server: killed.first?.server ?? null,
          first_at_s: killed.first?.atS ?? null,
          serving_min: killed.fewestServing,
          killed_in: killed.killedIn,
          replications: killed.replications,
        },
      }),
    },
  };
}
