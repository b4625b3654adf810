import { SECOND_US } from '../../sim/units.js';
import { GrowableFloat64, GrowableInt32 } from '../../sim/growable.js';
import type { Etcd } from '../etcd/etcd.js';
import type { StormLog } from '../meters/storm-log.js';
import type { Population } from '../population/population.js';
import type { UpdateLedger } from '../meters/update-ledger.js';

/** Storms that begin within this time of the largest are one: servers that stop together. */
const TOGETHER_US = SECOND_US;

/** Things that happen one by one on the nodes of a cluster, from a common start. */
export interface Wave {
  /** The objects that are updated, or the servers that stop. */
  readonly names: readonly string[];
  /** When it starts, µs since the start of the measured period. */
  readonly startUs: number;
  /** Node of each thing, and how many µs after the start it happened; Infinity: not by the end of the run. */
  readonly node: Int32Array;
  readonly afterUs: Float64Array;
}

/** What happened on which node in a run. */
export interface RunWaves {
  readonly nodeCount: number;
  readonly nodeName: (node: number) => string;
  /** The largest round of updates of a class of objects: consumers that come to show the new content. */
  readonly updates: Wave | null;
  /** The largest storm: watches that are open again. */
  readonly watches: Wave | null;
}

/** Reads the waves off a run that is over. */
export function wavesOf(population: Population, etcd: Etcd, ledger: UpdateLedger, storms: StormLog): RunWaves {
  return {
    nodeCount: population.nodeCount,
    nodeName: (node) => population.nodeName(node),
    updates: largest(rounds(etcd).map((round) => updateWave(population, etcd, ledger, round))),
    watches: stormWave(population, storms),
  };
}

/** Updates of a class up to the first that hits an object again, in the order of commit. */
function rounds(etcd: Etcd): readonly (readonly number[])[] {
  const open = new Map<number, { readonly updates: number[]; readonly objects: Set<number> }>();
  const all: number[][] = [];
  for (let update = 0; update < etcd.updates; update++) {
    const object = etcd.object[etcd.updateRevision[update]];
    const objectClass = etcd.stored.objectClass[object];
    let round = open.get(objectClass);
    if (round === undefined || round.objects.has(object)) {
      round = { updates: [], objects: new Set() };
      open.set(objectClass, round);
      all.push(round.updates);
    }
    round.updates.push(update);
    round.objects.add(object);
  }
  return all;
}

function updateWave(population: Population, etcd: Etcd, ledger: UpdateLedger, round: readonly number[]): Wave {
  const committed = (update: number): number => etcd.committedAt[etcd.updateRevision[update]];
  const startUs = committed(round[0]);
  const [node, afterUs] = [new GrowableInt32(), new GrowableFloat64()];
  for (const update of round) {
    const object = etcd.updateAudience[update];
    for (let i = population.objectEntryStart[object]; i < population.objectEntryStart[object + 1]; i++) {
      const entry = population.objectEntries[i];
      for (let j = population.entryConsumerStart[entry]; j < population.entryConsumerStart[entry + 1]; j++) {
        const at = ledger.slots[ledger.firstSlot[update] + population.consumerRank[population.entryConsumers[j]]];
        if (!(at >= 0)) continue;
        node.push(population.entryNode[entry]);
        afterUs.push(at - startUs);
      }
    }
  }
  const names = round.map((update) => etcd.stored.objectName(etcd.object[etcd.updateRevision[update]]));
  return { names, startUs, node: node.view(), afterUs: afterUs.view() };
}

function stormWave(population: Population, storms: StormLog): Wave | null {
  const records = storms.records();
  const [worst] = records.map((_, storm) => storm).sort((a, b) => records[b].watchesLost - records[a].watchesLost);
  if (records.length === 0 || records[worst].watchesLost === 0) return null;
  const { stops } = storms;
  const together = stops.flatMap((at, storm) => (Math.abs(at - stops[worst]) <= TOGETHER_US ? [storm] : []));
  const startUs = Math.min(...together.map((storm) => stops[storm]));
  const [node, afterUs] = [new GrowableInt32(), new GrowableFloat64()];
  for (const storm of together) {
    storms.forEachLost(storm, (entry, after) => {
      node.push(population.entryNode[entry]);
      afterUs.push(stops[storm] - startUs + after);
    });
  }
  const names = together.map((storm) => `API server ${records[storm].server + 1}`);
  return { names, startUs, node: node.view(), afterUs: afterUs.view() };
}

/** The wave of most things, the first of equals; null where none has any. */
function largest(waves: readonly Wave[]): Wave | null {
  return waves.reduce<Wave | null>((most, wave) => (wave.node.length > (most?.node.length ?? 0) ? wave : most), null);
}
