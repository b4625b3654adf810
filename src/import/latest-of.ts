import { quoteObject } from '../experiment/language/quoting.js';
import { InputError } from '../experiment/language/values/input-error.js';
import { formatPlace, type ImportedKind, type Place } from './item-sink.js';

/** What tells of two readings of one object which is the newer. */
export interface Reading<T> {
  readonly uid: string;
  readonly resourceVersion: string;
  readonly place: Place;
  readonly value: T;
}

/**
 * The newest reading of each object of a kind: dumps of namespaces repeat nodes, bundles hold objects alone and in lists,
 * and a watch shows an object at each change.
 */
export class LatestOf<T> {
  /** Readings that a newer one has replaced, or an equal one. */
  repeated = 0;
  private readonly kind: ImportedKind;
  private readonly readings = new Map<string, Reading<T>>();

  constructor(kind: ImportedKind) {
    this.kind = kind;
  }

  /** Throws an InputError where an object of another cluster has the name, or nothing tells which reading is newer. */
  put(id: string, reading: Reading<T>): void {
    const known = this.readings.get(id);
    if (known === undefined) {
      this.readings.set(id, reading);
      return;
    }
    this.repeated++;
    if (this.isNewer(id, reading, known)) this.readings.set(id, reading);
  }

  /** A watch has seen the object's end. */
  delete(id: string): void {
    this.readings.delete(id);
  }

  values(): T[] {
    return Array.from(this.readings.values(), ({ value }) => value);
  }

  private isNewer(id: string, reading: Reading<T>, known: Reading<T>): boolean {
    const other = reading.uid !== known.uid && reading.uid !== '' && known.uid !== '';
    // A watch shows how an object is deleted and made anew; lists are of one moment.
    if (other && !(isOfWatch(reading.place, known.place) && compareVersions(reading, known) > 0)) {
      throw this.twice(
        id,
        reading,
        known,
        'with another uid: the files are of different clusters, or it was made anew in between',
      );
    }
    const order = compareVersions(reading, known);
    if (order !== 0) return order > 0;
    const isSame = reading.uid !== '' && reading.uid === known.uid;
    if (isSame || JSON.stringify(reading.value) === JSON.stringify(known.value)) return true;
    throw this.twice(id, reading, known, 'with other fields, and neither uid nor resourceVersion tells which is newer');
  }

  private twice(id: string, reading: Reading<T>, known: Reading<T>, reason: string): InputError {
    return new InputError([
      `${formatPlace(reading.place)}: ${this.kind}${quoteObject(id)} is there twice; first in ${formatPlace(known.place)}, ${reason}`,
    ]);
  }
}

function isOfWatch(place: Place, other: Place): boolean {
  return place.label === other.label && place.index === null && other.index === null;
}

/** Versions of objects are numbers, which only grow (KEP-5504). 0: nothing tells. */
function compareVersions(a: Reading<unknown>, b: Reading<unknown>): number {
  const [left, right] = [a.resourceVersion, b.resourceVersion];
  if (!/^\d+$/.test(left) || !/^\d+$/.test(right)) return 0;
  return left.length - right.length || (left < right ? -1 : left > right ? 1 : 0);
}
