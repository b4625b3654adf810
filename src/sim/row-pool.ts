import { MAX_ARGUMENT } from './event-queue.js';

/** The values of a column, one per row. */
export type Column =
  Uint8Array<ArrayBuffer> | Int16Array<ArrayBuffer> | Int32Array<ArrayBuffer> | Float64Array<ArrayBuffer>;

type ColumnType<C extends Column> = new (length: number) => C;

/** How many times as many rows there is room for each time: what is copied is a third of what is there, and no page is touched that is not used. */
const GROWTH = 4;

interface Declared {
  readonly type: ColumnType<Column>;
  values: Column;
}

/**
 * Rows of typed arrays. A subclass declares each column once, as a field,
 *
 *     readonly server = this.column(Int16Array);
 *
 * and all the world reads and writes `rows.server[row]`, a plain typed array. When the rows grow, each of these
 * fields gets a longer array: nobody may keep one. They are fields, and not properties that a loop makes from a
 * table, because V8 stops to treat an object as a record after a dozen of the latter. And they begin with room for one
 * row: V8 takes a column that has never been replaced for one that stays, and compiles all who read it again when it is.
 */
export abstract class Rows {
  private readonly declared: Declared[] = [];

  /** @param capacity rows that there is room for at first */
  constructor(protected capacity = 1) {}

  /** Declares a column, which is 0 in every row. */
  protected column<C extends Column>(type: ColumnType<C>): C {
    const values = new type(this.capacity);
    this.declared.push({ type, values });
    return values;
  }

  /** Makes room for a row. */
  reserve(row: number): void {
    if (row >= this.capacity) this.grow(Math.max(row + 1, this.capacity * GROWTH));
  }

  private grow(capacity: number): void {
    const fields: [string, unknown][] = Object.entries(this);
    const grown: Record<string, Column> = {};
    for (const column of this.declared) {
      const field = fields.find(([, value]) => value === column.values);
      if (field === undefined) throw new TypeError('a column of a row pool is not a field of it');
      const values = new column.type(capacity);
      values.set(column.values);
      column.values = values;
      grown[field[0]] = values;
    }
    Object.assign(this, grown);
    this.capacity = capacity;
  }
}

/**
 * Rows that are opened, closed and used again. A row's generation tells an event of the queue, which has it as
 * its argument, whether it was meant for who is in the row now.
 */
export abstract class RowPool extends Rows {
  /** Rows ever used. */
  length = 0;
  /** Rows in use. */
  active = 0;
  readonly generation = this.column(Int32Array);
  /** Of a row that is not in use: the next such row. */
  private readonly following = this.column(Int32Array);
  private free = -1;

  /**
   * A row that is not in use. What it holds of its past is for the subclass's `open` to replace, column by column in
   * plain sight of the compiler: a loop over declared first values took twice as long (`test/bench/row-pools.ts`).
   */
  protected take(): number {
    let row = this.free;
    if (row >= 0) {
      this.free = this.following[row];
    } else {
      row = this.length++;
      this.reserve(row);
    }
    this.active++;
    return row;
  }

  /** The row may be used again, and events about it are void. */
  close(row: number): void {
    this.voidEvents(row);
    this.following[row] = this.free;
    this.free = row;
    this.active--;
  }

  /** Events that are pending about the row are void. */
  voidEvents(row: number): void {
    this.generation[row] = (this.generation[row] + 1) % MAX_ARGUMENT;
  }
}
