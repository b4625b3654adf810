import type { Population } from './population.js';

type Column = Population[{
  [Key in keyof Population]: Population[Key] extends ArrayBufferView ? Key : never;
}[keyof Population]];
/** What a population knows of one target of a timeline. */
type TargetObjects = readonly [key: string, objects: Int32Array];

/** What a population tells of names, for the records. */
type Names = 'nodeName' | 'podName' | 'podOwner' | 'nodePool' | 'objectName';

/** A population that threads share, as it travels between them. */
export interface SharedPopulation {
  readonly columns: Omit<Population, 'objectsOf' | Names>;
  readonly targets: readonly TargetObjects[];
}

/** A population whose columns lie in memory that threads share. */
export interface ThreadsPopulation {
  readonly population: Population;
  /**
   * What another thread needs to simulate parts of a run, after the run has been built here: the objects that its
   * timeline asked for are among it.
   */
  readonly message: () => SharedPopulation;
}

/** Copies a population into shared memory; columns that are there already stay. */
export function sharePopulation(population: Population): ThreadsPopulation {
  const { objectsOf, nodeName, podName, podOwner, nodePool, objectName, ...rest } = population;
  const columns = Object.fromEntries(Object.entries(rest).map(([name, value]) => [name, shared(value)])) as typeof rest;
  const targets = new Map<string, Int32Array>();
  return {
    population: {
      ...columns,
      nodeName,
      podName,
      podOwner,
      nodePool,
      objectName,
      objectsOf(target, kind, atUs) {
        const objects = objectsOf(target, kind, atUs);
        targets.set(keyOf(target, kind, atUs), objects);
        return objects;
      },
    },
    message: () => ({ columns, targets: [...targets] }),
  };
}

/** The population in another thread. It knows no names: only whoever adds up the parts writes records. */
export function receivePopulation({ columns, targets }: SharedPopulation): Population {
  const known = new Map(targets);
  const nameless = (): never => {
    throw new RangeError('a part of a run knows no names');
  };
  return {
    ...columns,
    nodeName: nameless,
    podName: nameless,
    podOwner: nameless,
    nodePool: nameless,
    objectName: nameless,
    objectsOf(target, kind, atUs) {
      const objects = known.get(keyOf(target, kind, atUs));
      if (objects === undefined) throw new RangeError(`nobody has asked for the objects of ${target}`);
      return objects;
    },
  };
}

function keyOf(target: string, kind: string | null, atUs?: number): string {
  return JSON.stringify([target, kind, atUs]);
}

/** A column in shared memory; anything else as it is. */
function shared(value: unknown): unknown {
  if (!ArrayBuffer.isView(value) || value.buffer instanceof SharedArrayBuffer) return value;
  const column = value as Column;
  const copy = new (column.constructor as new (buffer: SharedArrayBuffer) => Column)(
    new SharedArrayBuffer(column.byteLength),
  );
  copy.set(column);
  return copy;
}
