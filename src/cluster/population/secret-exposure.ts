import { KIND, MODE } from '../model/kinds.js';
import type { Population } from './population.js';

/** Where a cluster's Secrets lie, by the pods that are there at the start. */
export interface SecretExposure {
  /** tmpfs of all Secret volumes, bytes. */
  readonly volumeBytes: number;
  /** Secrets that are used at all. */
  readonly secrets: number;
  /** Nodes that can read a Secret, over all Secrets. */
  readonly readers: number;
}

/** True for a mode in which a Secret lies on its node's tmpfs. */
export function liesInVolume(mode: number): boolean {
  return mode !== MODE.env && mode !== MODE.imagePullSecret;
}

/** The exposure in a cluster that has been built. */
export function exposureOf(population: Population): SecretExposure {
  let volumeBytes = 0;
  const entries = new Uint8Array(population.entryCount);
  for (let c = 0; c < population.consumerCount; c++) {
    const object = population.consumerObject[c];
    if (population.objectKind[object] !== KIND.Secret || population.podArrives[population.consumerPod[c]] === 1)
      continue;
    entries[population.consumerEntry[c]] = 1;
    if (liesInVolume(population.consumerMode[c])) volumeBytes += population.objectSize[object];
  }
  const used = new Uint8Array(population.objectCount);
  let [secrets, readers] = [0, 0];
  for (let entry = 0; entry < population.entryCount; entry++) {
    if (entries[entry] === 0) continue;
    readers++;
    secrets += 1 - used[population.entryObject[entry]];
    used[population.entryObject[entry]] = 1;
  }
  return { volumeBytes, secrets, readers };
}
