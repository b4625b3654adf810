import { sum } from 'd3-array';
import { NODE_TTL_SECONDS_MAX } from '../experiment/language/values/fields.js';
import { OBJECT_KINDS, type ObjectKind } from '../cluster/model/kinds.js';
import type { Assumptions } from './build-topology.js';
import type { CollectedCluster } from './cluster-collector.js';
import type { ItemTally } from './item-sink.js';

/** What was read of a cluster, and what of it could not be. */
export interface ReadInput {
  readonly tally: ItemTally;
  readonly collected: CollectedCluster;
  readonly assumptions: Assumptions;
  /** How another size can be assumed, where the notes are shown. */
  readonly sizeOption: string;
}

/** What the user has to know of how a cluster was read, one sentence each: the same for all commands. */
export function clusterNotes(input: ReadInput): string[] {
  const { tally, collected, assumptions } = input;
  return [
    ...formNotes(tally, collected),
    ...nodeNotes(collected, assumptions),
    ...presenceNotes(input),
    ...OBJECT_KINDS.flatMap((kind) => sizeNotes(kind, input)),
    ...(tally.fullPages === 0 ? [] : [fullPageNote(tally.fullPages)]),
  ];
}

/** How the items stood in the input, where that is not a List alone. */
function formNotes({ withoutKind, events, logs }: ItemTally, { repeated }: CollectedCluster): string[] {
  return [
    ...(withoutKind === 0 ? [] : [`${counted(withoutKind, 'item')} without a kind: it is told by the fields`]),
    ...(events === 0 ? [] : [`${counted(events, 'event')} of a watch: the last of each object counts`]),
    ...(logs === 0
      ? []
      : [`${counted(logs, 'log')} of containers between the lists, as of kubectl cluster-info dump: passed over`]),
    ...(repeated === 0
      ? []
      : [`${counted(repeated, 'object')} more than once in the input: the newest of each counts`]),
  ];
}

function nodeNotes({ nodes, terminatingPods }: CollectedCluster, assumptions: Assumptions): string[] {
  const bounded = nodes.filter(({ ttlBounded }) => ttlBounded).length;
  const { nodes: added, podsOnThem } = assumptions;
  const told = 'taken as nodes without TTL annotation';
  const strays =
    nodes.length === 0
      ? `there are no nodes in the input: the ${added} that pods run on are ${told}; their releases are not known`
      : `${counted(podsOnThem, 'pod')} on ${counted(added, 'node')} not in the input (new since the nodes were read?): ${told}`;
  return [
    ...(added === 0 ? [] : [strays]),
    ...(terminatingPods === 0 ? [] : [`${counted(terminatingPods, 'pod')} being deleted: left out`]),
    ...(bounded === 0
      ? []
      : [`${counted(bounded, 'node')} with a TTL annotation beyond ${NODE_TTL_SECONDS_MAX} s (24 h): 24 h are taken`]),
  ];
}

/** One line for all that is not in the input but taken to exist. */
function presenceNotes({ collected, assumptions, sizeOption }: ReadInput): string[] {
  const { present, sizeBytes, waiting } = assumptions;
  const parts = OBJECT_KINDS.flatMap((kind) => {
    const reasons = present[kind];
    const assumed = sum(Object.values(reasons));
    const why = [
      ...(reasons['kind not in input'] > 0 ? [`there is no ${kind} in the input`] : []),
      ...(reasons['namespace not in input'] > 0
        ? [`${reasons['namespace not in input']} of namespaces without a ${kind} in the input`]
        : []),
      ...(reasons.mounted > 0 ? [`${reasons.mounted} required by running pods`] : []),
    ];
    return assumed === 0 ? [] : [`${counted(assumed, kind)} (${why.join(', ')})`];
  });
  if (parts.length > 0) {
    const waits =
      waiting === 0 ? '' : `; ${counted(waiting, 'Pending pod')} may wait for one of them: simulated as running`;
    return [
      `taken to exist though not in the input, with ${sizeBytes} bytes each (${sizeOption}): ${parts.join(' and ')}${waits}`,
    ];
  }
  const none = collected.objects.every(({ kind }) => kind !== 'Secret');
  return none ? ['there is no Secret in the input, and no pod refers to one'] : [];
}

function sizeNotes(kind: ObjectKind, { collected, assumptions, sizeOption }: ReadInput): string[] {
  const { sizes, sizeBytes } = assumptions;
  const own = collected.objects.filter((object) => object.kind === kind);
  const redacted = own.filter((object) => object.redacted);
  const unsized = sizes[kind];
  const told = redacted.filter(({ size }) => size !== null).length;
  const why = redacted.length > 0 ? 'redacted contents' : `no content: no ${kind} in the input has any`;
  return [
    ...(unsized === 0
      ? []
      : [`${counted(unsized, kind)} with ${why}: ${sizeBytes} bytes are taken for each (${sizeOption})`]),
    ...(told === 0 ? [] : [`${counted(told, kind)} with lengths in place of contents: these are taken`]),
  ];
}

function fullPageNote(lists: number): string {
  return (
    `${counted(lists, 'list')} with exactly a multiple of 500 objects of a kind, as where a page failed and kubectl printed ` +
    'the pages before it: did kubectl end with exit code 0 (kubectl … > FILE && …, or set -o pipefail)?'
  );
}

function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}
