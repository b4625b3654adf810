import type { TimelineAction } from '../model/timeline-actions.js';
import { MODE } from '../model/kinds.js';
import { CONTINUES, HEAD, READS, type Population } from './population.js';

/** True where nothing in a timeline touches pods, or makes volumes fail: clocks run on, and every read finds its object. */
export function isUndisturbed(timeline: readonly TimelineAction[]): boolean {
  return timeline.every(({ action }) => action === 'update' || action === 'markImmutable');
}

/** True for a pod that runs from the start, whose reads find all its objects, and whose syncs read nothing else. */
export function isPlain(population: Population, pod: number): boolean {
  const { podConsumerStart, podPending, podArrives, consumerMode, consumerFlags, consumerObject, objectExists } =
    population;
  if (podPending[pod] === 1 || podArrives[pod] === 1) return false;
  for (let c = podConsumerStart[pod]; c < podConsumerStart[pod + 1]; c++) {
    if (consumerMode[c] === MODE.imagePullSecret) return false;
    if (consumerFlags[c] & READS && objectExists[consumerObject[c]] === 0) return false;
  }
  return true;
}

/** Plain pods, by what the sections of one shape have in common. */
const plainOf = new WeakMap<Int32Array, Uint8Array>();

/** 1 for each plain pod (`isPlain`). Sections of one shape have it in common, as they have all that it depends on. */
export function plainPods(population: Population): Uint8Array {
  const { consumerObject, podCount } = population;
  let plain = plainOf.get(consumerObject);
  if (plain === undefined) {
    plain = new Uint8Array(podCount);
    for (let pod = 0; pod < podCount; pod++) plain[pod] = isPlain(population, pod) ? 1 : 0;
    plainOf.set(consumerObject, plain);
  }
  return plain;
}

/** True for the only source of a volume, by its flags: it is read as soon as the volume is. */
export function isAlone(flags: number): boolean {
  return (flags & HEAD) !== 0 && (flags & CONTINUES) === 0;
}

/** True for an entry that is read, by volumes of one source only. */
export function isReadAlone(
  {
    entryConsumerStart,
    entryConsumers,
    consumerFlags,
  }: Pick<Population, 'entryConsumerStart' | 'entryConsumers' | 'consumerFlags'>,
  entry: number,
): boolean {
  let read = false;
  for (let i = entryConsumerStart[entry]; i < entryConsumerStart[entry + 1]; i++) {
    const flags = consumerFlags[entryConsumers[i]];
    if ((flags & READS) === 0) continue;
    if (!isAlone(flags)) return false;
    read = true;
  }
  return read;
}

/** What entries are read by, where it is one pod alone, by what the sections of one shape have in common. */
const soleReadersOf = new WeakMap<Int32Array, Int32Array>();

/**
 * The consumer that reads each entry, where it is the only one and the volume has no other source; −1 for the others.
 * Sections of one shape have it in common.
 */
export function soleReaders(population: Population): Int32Array {
  const { entryConsumers, entryConsumerStart, entryReaders, entryCount, consumerFlags } = population;
  let readers = soleReadersOf.get(entryConsumers);
  if (readers === undefined) {
    readers = new Int32Array(entryCount).fill(-1);
    for (let entry = 0; entry < entryCount; entry++) {
      if (entryReaders[entry] !== 1 || !isReadAlone(population, entry)) continue;
      let i = entryConsumerStart[entry];
      while ((consumerFlags[entryConsumers[i]] & READS) === 0) i++;
      readers[entry] = entryConsumers[i];
    }
    soleReadersOf.set(entryConsumers, readers);
  }
  return readers;
}
