import { SECOND_US } from '../sim/units.js';
import { csvLines, seconds, type Cell, type Dialect } from './csv.js';
import { plainNumber } from './plain-number.js';

const LINE_FEED = 10;
const POINT = 46;
/** Text that was asked of `csvLines` and is kept: mostly that of the rows before. */
const KNOWN_MAX = 1000;

/** Whole microseconds below are seconds of 15 significant digits at most, which `plainNumber` writes as they are. */
const EXACT_US_MAX = 1e13;
/** Digits, decimal sign and separator of any number that is written here. */
const NUMBER_BYTES_MAX = 24;
/** Cells are copied eight bytes at a time, and digits written three at a time: the last ones may reach so many bytes too far. */
export const SPARE_BYTES = 8;
const LITTLE_ENDIAN = true;

/** Numbers of up to three digits as words: as they are, and with the zeros before them. */
const GROUP = 1000;
const WHOLE_WORDS = Uint32Array.from({ length: GROUP }, (_, value) => wordOf(String(value)));
const GROUP_WORDS = Uint32Array.from({ length: GROUP }, (_, value) => wordOf(String(value).padStart(3, '0')));
/** Digits of a group up to the last one that is not zero. */
const SIGNIFICANT = Uint8Array.from(
  { length: GROUP },
  (_, value) => String(value).padStart(3, '0').replace(/0+$/, '').length,
);

/** Letters and digits: text may begin with them. The other signs of names and of scenarios may only follow. */
const BEGINS = 1;
const FOLLOWS = 2;
const SIGNS = new Uint8Array(128);
for (const sign of '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz') SIGNS[sign.charCodeAt(0)] = BEGINS;
for (const sign of './_-:= ') SIGNS[sign.charCodeAt(0)] = FOLLOWS;

/**
 * Lines of CSV as bytes, cell by cell: those that `csvLines` gives, in a fifteenth of its time (`npm run bench`).
 * What nearly all cells of millions of rows are is written here: names, numbers and times. Any other cell is asked of
 * `csvLines`.
 */
export class LineBytes {
  private bytes = new Uint8Array(2 ** 16);
  private view = new DataView(this.bytes.buffer);
  /** What was taken last: it may still be on its way to the disk. */
  private taken = new Uint8Array(0);
  private length = 0;
  private readonly known = new Map<string, Uint8Array>();
  private readonly dialect: Dialect;
  private readonly separator: number;
  private readonly decimal: number;

  constructor(dialect: Dialect) {
    this.dialect = dialect;
    [this.separator, this.decimal] = Buffer.from(dialect.excel ? ';,' : ',.');
  }

  /** What was written since the last time; valid until the next time but one. */
  take(): Uint8Array {
    const taken = this.bytes.subarray(0, this.length);
    [this.bytes, this.taken] = [this.taken, this.bytes];
    this.view = new DataView(this.bytes.buffer);
    this.length = 0;
    return taken;
  }

  /** The place in what is written now. */
  get place(): number {
    return this.length;
  }

  /** What was written since a place; valid until something is written again. */
  since(place: number): Uint8Array {
    return this.bytes.subarray(place, this.length);
  }

  /**
   * Whole cells, as they were written before. They are copied as numbers of 64 bits: no UTF-8 is one of those (NaN) that
   * a host may replace by another.
   * @param cells with SPARE_BYTES behind the last one
   */
  copy(cells: DataView, from: number, to: number): void {
    const bytes = to - from;
    this.reserve(bytes);
    const { view, length } = this;
    for (let i = 0; i < bytes; i += 8)
      view.setFloat64(length + i, cells.getFloat64(from + i, LITTLE_ENDIAN), LITTLE_ENDIAN);
    this.length = length + bytes;
  }

  text(text: string): void {
    this.reserve(text.length + 1);
    const { bytes, length } = this;
    for (let i = 0; i < text.length; i++) {
      const code = text.charCodeAt(i);
      if (code >= SIGNS.length || SIGNS[code] === 0 || (i === 0 && SIGNS[code] !== BEGINS)) {
        this.otherText(text);
        return;
      }
      bytes[length + i] = code;
    }
    this.length = length + text.length;
    this.endCell();
  }

  /** A whole number of 32 bits. */
  whole(value: number): void {
    if (value < 0) {
      this.other(value);
      return;
    }
    this.reserve(NUMBER_BYTES_MAX);
    this.length = putWhole(this.view, this.length, value);
    this.endCell();
  }

  /** Microseconds as seconds. */
  seconds(us: number): void {
    if (!isExact(us)) {
      this.other(seconds(us));
      return;
    }
    this.reserve(NUMBER_BYTES_MAX);
    this.length = putSeconds(this.view, this.length, us, this.decimal);
    this.endCell();
  }

  /** Cells of microseconds as seconds: all at once, as rows are written by the million. */
  allSeconds(times: Float64Array): void {
    this.reserve(times.length * NUMBER_BYTES_MAX);
    const { view, decimal, separator } = this;
    let { length } = this;
    let cell = 0;
    for (; cell < times.length && isExact(times[cell]); cell++) {
      length = putSeconds(view, length, times[cell], decimal);
      view.setUint8(length++, separator);
    }
    this.length = length;
    for (; cell < times.length; cell++) this.seconds(times[cell]);
  }

  /** Any cell. */
  cell(cell: Cell): void {
    if (cell === null) {
      this.reserve(1);
      this.endCell();
    } else if (typeof cell === 'string') {
      this.text(cell);
    } else if (cell >= 0 && cell === (cell | 0)) {
      this.whole(cell);
    } else {
      this.number(plainNumber(cell));
    }
  }

  /** The line is over. */
  endLine(): void {
    this.bytes[this.length - 1] = LINE_FEED;
  }

  private endCell(): void {
    this.bytes[this.length++] = this.separator;
  }

  /** A number as `plainNumber` writes it. */
  private number(text: string): void {
    this.reserve(text.length + 1);
    const { bytes, length } = this;
    for (let i = 0; i < text.length; i++) {
      const code = text.charCodeAt(i);
      bytes[length + i] = code === POINT ? this.decimal : code;
    }
    this.length = length + text.length;
    this.endCell();
  }

  private otherText(text: string): void {
    let cell = this.known.get(text);
    if (cell === undefined) {
      if (this.known.size === KNOWN_MAX) this.known.clear();
      this.known.set(text, (cell = this.cellOf(text)));
    }
    this.put(cell);
  }

  private other(cell: Cell): void {
    this.put(this.cellOf(cell));
  }

  private cellOf(cell: Cell): Uint8Array {
    return Buffer.from(csvLines([[cell]], this.dialect).slice(0, -1), 'utf8');
  }

  private put(cell: Uint8Array): void {
    this.reserve(cell.length + 1);
    this.bytes.set(cell, this.length);
    this.length += cell.length;
    this.endCell();
  }

  private reserve(more: number): void {
    if (this.length + more + SPARE_BYTES <= this.bytes.length) return;
    const bytes = new Uint8Array(2 * (this.bytes.length + more));
    bytes.set(this.bytes.subarray(0, this.length));
    this.bytes = bytes;
    this.view = new DataView(bytes.buffer);
  }
}

/** True for microseconds that `putSeconds` writes. */
function isExact(us: number): boolean {
  return us >= 0 && us < EXACT_US_MAX && Math.floor(us) === us;
}

/** Puts microseconds as seconds. @returns the place behind them */
function putSeconds(view: DataView, place: number, us: number, decimal: number): number {
  const whole = (us / SECOND_US) | 0;
  const fraction = (us - whole * SECOND_US) | 0;
  const point = putWhole(view, place, whole);
  if (fraction === 0) return point;
  const thousandths = (fraction / GROUP) | 0;
  const rest = fraction - thousandths * GROUP;
  view.setUint8(point, decimal);
  view.setUint32(point + 1, GROUP_WORDS[thousandths], LITTLE_ENDIAN);
  view.setUint32(point + 4, GROUP_WORDS[rest], LITTLE_ENDIAN);
  return point + 1 + (rest > 0 ? 3 + SIGNIFICANT[rest] : SIGNIFICANT[thousandths]);
}

/** Puts the digits of a number of 31 bits. @returns the place behind them */
function putWhole(view: DataView, place: number, value: number): number {
  if (value < GROUP) {
    view.setUint32(place, WHOLE_WORDS[value], LITTLE_ENDIAN);
    return place + (value < 10 ? 1 : value < 100 ? 2 : 3);
  }
  const thousands = (value / GROUP) | 0;
  const end = putWhole(view, place, thousands);
  view.setUint32(end, GROUP_WORDS[value - thousands * GROUP], LITTLE_ENDIAN);
  return end + 3;
}

/** Up to four signs of ASCII as the bytes of a word, the first one lowest. The playground, which has no Buffer, loads this, too. */
function wordOf(signs: string): number {
  const codes = [3, 2, 1, 0].map((index) => signs.padEnd(4).charCodeAt(index));
  return codes.reduce((word, code) => word * 256 + code, 0);
}
