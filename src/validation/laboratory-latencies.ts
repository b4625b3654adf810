import { min, quantileSorted } from 'd3-array';
import { SECOND_US } from '../sim/units.js';
import { ShiftedExponential } from '../sim/distributions.js';
import type { Latency, ModelInput } from '../cluster/model/model-input.js';
import { authorizerLag } from './authorizer-lag.js';
import type { Group, Laboratory } from './laboratory.js';
import type { CsvRow } from './measured-folder.js';

/** While the pods of all groups start the machine is busier than in the rounds of updates that follow. */
export type Phase = 'start' | 'rounds';

/** Latencies on the idle machine (`experiments/validation/apiserver-costs.md`), median and 99 % quantile, µs. */
const IDLE_QUORUM_GET = new ShiftedExponential(1.5e3, 6.7e3);
const IDLE_PATCH = new ShiftedExponential(4.2e3, 26e3);
/** The default of `apiServer.dispatch`. */
const IDLE_DISPATCH = new ShiftedExponential(2e3, 10e3);

/** Fewer requests tell no law. */
const REQUESTS_MIN = 50;

/** When the first update is sent, and with it the rounds begin, s. */
export function startOfRounds({ tables }: Laboratory): number {
  return (
    min(tables.rows('updates', { text: ['object'], numbers: ['sent_at_s'] }), (row) => Number(row.sent_at_s)) ?? NaN
  );
}

/**
 * The latencies of a phase, as the log of requests tells them, with whatever tail they have. A group's GETs and LISTs
 * are measured (of all phases where one has too few; reads from etcd of all groups where it has none). The round trip
 * through a client is from the answer to a LIST until the WATCH that follows it at once, or from a WATCH that was refused
 * until the LIST in its place. PATCHes of pods' statuses and events are not in the log: they wait for the machine's cores as
 * long as all groups' quorum GETs of the phase do, on top of what they take on an idle machine. How late the node
 * authorizer's informer is, is read from the pods of the other groups (`authorizerLag`).
 */
export function withLatencies(input: ModelInput, laboratory: Laboratory, group: Group, phase: Phase): ModelInput {
  const rounds = startOfRounds(laboratory);
  const requests = laboratory.tables.rows('requests', {
    text: ['group', 'node', 'verb', 'object', 'resource_version', 'status'],
    numbers: ['received_at_s', 'duration_s'],
  });
  const ofPhase = (row: CsvRow): boolean => (Number(row.received_at_s) < rounds ? 'start' : 'rounds') === phase;
  const answered = requests.filter(({ status }) => status === '200');
  const law = (matches: (row: CsvRow) => boolean): Latency | undefined => {
    const all = answered.filter((row) => row.group === group.group && matches(row));
    return measured(durations(all.filter(ofPhase)) ?? durations(all));
  };
  const [cached, quorum, list] = [law(isCachedGet), law(isQuorumGet), law(({ verb }) => verb === 'list')];
  const anyQuorum = durations(answered.filter((row) => isQuorumGet(row) && ofPhase(row)));
  const fromEtcd = quorum ?? measured(anyQuorum);
  const trips = phase === 'start' ? measured(roundTrips(laboratory, rounds)) : undefined;
  const lag = phase === 'start' ? measured(ascending(authorizerLag(laboratory, group, rounds) ?? [])) : undefined;
  const [write, dispatch] = [measured(busy(IDLE_PATCH, anyQuorum)), measured(busy(IDLE_DISPATCH, anyQuorum))];
  return {
    ...input,
    network: { ...input.network, ...(trips && { roundTrip: trips }) },
    apiServer: {
      ...input.apiServer,
      ...(cached && { getFromCache: cached }),
      ...(fromEtcd && { getQuorum: fromEtcd }),
      ...(list && { list }),
      ...(write && { write }),
      ...(dispatch && { dispatch }),
      ...(lag && { authorizerLag: lag }),
    },
  };
}

const isQuorumGet = (row: CsvRow): boolean => row.verb === 'get' && row.resource_version === '';
const isCachedGet = (row: CsvRow): boolean => row.verb === 'get' && row.resource_version === '0';

/** Durations of requests, ascending, µs; undefined where there are too few. */
function durations(rows: readonly CsvRow[]): readonly number[] | undefined {
  return ascending(rows.map(({ duration_s }) => Number(duration_s)));
}

/** From the answer to a request of a reflector, before a time, until the next one that follows it at once, ascending, µs; undefined where there are too few. */
function roundTrips({ tables }: Laboratory, before: number): readonly number[] | undefined {
  const started = tables.rows('requests').filter(({ received_at_s }) => Number(received_at_s) < before);
  const listed = started.filter(({ verb, status }) => verb === 'list' && status === '200');
  const refused = started.filter(({ verb, status }) => verb === 'watch' && status === '403');
  return ascending([...turns(listed, requestsBy(tables, 'watch')), ...turns(refused, requestsBy(tables, 'list'))]);
}

/** When each reflector sent requests of a verb, s. */
function requestsBy(tables: Laboratory['tables'], verb: string): ReadonlyMap<string, readonly number[]> {
  const sent = new Map<string, number[]>();
  for (const row of [...tables.rows('requests'), ...(verb === 'watch' ? tables.optionalRows('open-watches') : [])]) {
    // Open watches have no column of verbs, and an older log none of resources.
    if ('verb' in row && row.verb !== verb) continue;
    if ('resource' in row && row.resource !== 'secrets') continue;
    sent.set(reflectorOf(row), [...(sent.get(reflectorOf(row)) ?? []), Number(row.received_at_s)]);
  }
  return sent;
}

/** From the answers in some rows until the next request of their reflectors, s. */
function turns(rows: readonly CsvRow[], sent: ReadonlyMap<string, readonly number[]>): number[] {
  return rows.flatMap((row) => {
    const answered = Number(row.received_at_s) + Number(row.duration_s);
    const next = min((sent.get(reflectorOf(row)) ?? []).filter((at) => at >= answered));
    return next === undefined ? [] : [next - answered];
  });
}

const reflectorOf = ({ node, object }: CsvRow): string => `${node} ${object}`;

function ascending(seconds: readonly number[]): readonly number[] | undefined {
  if (seconds.length < REQUESTS_MIN) return undefined;
  return seconds.map((value) => Math.round(value * SECOND_US)).sort((a, b) => a - b);
}

/** What a request takes on a machine where quorum GETs take `quorum`, ascending: quantile by quantile their excess over the idle machine. */
function busy(idle: ShiftedExponential, quorum: readonly number[] | undefined): readonly number[] | undefined {
  let least = 0;
  return quorum?.map((value, i) => {
    const u = (i + 0.5) / quorum.length;
    least = Math.max(least, idle.at(u) + value - IDLE_QUORUM_GET.at(u));
    return least;
  });
}

/** The law of measured values, ascending, µs. */
function measured(values: readonly number[] | undefined): Latency | undefined {
  if (values === undefined) return undefined;
  const quantile = (level: number): number => Math.round(quantileSorted([...values], level) ?? NaN);
  return { p50Us: quantile(0.5), p99Us: quantile(0.99), measuredUs: values };
}
