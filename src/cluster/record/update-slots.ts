import type { Population } from '../population/population.js';
import type { UpdateLedger } from '../meters/update-ledger.js';

/** Visits the consumers of an update, which are those of `object`, with what the ledger says of them (`slots`). */
export function eachSlot(
  population: Population,
  ledger: UpdateLedger,
  update: number,
  object: number,
  visit: (consumer: number, at: number) => void,
): void {
  let slot = ledger.firstSlot[update];
  for (let i = population.objectEntryStart[object]; i < population.objectEntryStart[object + 1]; i++) {
    const entry = population.objectEntries[i];
    for (let j = population.entryConsumerStart[entry]; j < population.entryConsumerStart[entry + 1]; j++) {
      visit(population.entryConsumers[j], ledger.slots[slot]);
      slot++;
    }
  }
}
