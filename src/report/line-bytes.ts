import { SECOND_US } from '../sim/units.js';
import { csvLines, seconds, type Cell, type Dialect } from './csv.js';
import { plainNumber } from './plain-number.js';

const ZERO = 48;
const LINE_FEED = 10;
const POINT = 46;
/** Text that was asked of `csvLines` and is kept: mostly that of the rows before. */
const KNOWN_MAX = 1000;

/** Whole microseconds below are seconds of 15 significant digits at most, which `plainNumber` writes as they are. */
const EXACT_US_MAX = 1e13;
/** Digits, decimal sign and separator of any number that is written here. */
const NUMBER_BYTES_MAX = 24;
/** Cells are copied word by word, and digits written three at a time: the last one may reach so many bytes too far. */
export const SPARE_BYTES = 4;
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
   * Whole cells, as they were written before.
   * @param cells with SPARE_BYTES behind the last one
   */
  copy(cells: DataView, from: number, to: number): void {
    const bytes = to - from;
    this.reserve(bytes);
    const { view, length } = this;
    for (let i = 0; i < bytes; i += 4)
      view.setUint32(length + i, cells.getUint32(from + i, LITTLE_ENDIAN), LITTLE_ENDIAN);
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
    this.wholePart(value);
    this.endCell();
  }

  /** Microseconds as seconds. */
  seconds(us: number): void {
    if (!(us >= 0 && us < EXACT_US_MAX && Number.isInteger(us))) {
      this.other(seconds(us));
      return;
    }
    this.reserve(NUMBER_BYTES_MAX);
    const whole = (us / SECOND_US) | 0;
    const fraction = (us - whole * SECOND_US) | 0;
    this.wholePart(whole);
    if (fraction > 0) {
      const { view } = this;
      let { length } = this;
      view.setUint8(length++, this.decimal);
      const thousandths = (fraction / GROUP) | 0;
      const rest = fraction - thousandths * GROUP;
      view.setUint32(length, GROUP_WORDS[thousandths], LITTLE_ENDIAN);
      view.setUint32(length + 3, GROUP_WORDS[rest], LITTLE_ENDIAN);
      this.length = length + (rest > 0 ? 3 + SIGNIFICANT[rest] : SIGNIFICANT[thousandths]);
    }
    this.endCell();
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

  /** Digits of a number of 31 bits. */
  private wholePart(value: number): void {
    if (value >= GROUP) {
      this.digits(value, digitsOf(value));
      return;
    }
    this.view.setUint32(this.length, WHOLE_WORDS[value], LITTLE_ENDIAN);
    this.length += value < 10 ? 1 : value < 100 ? 2 : 3;
  }

  private digits(value: number, digits: number): void {
    let rest = value | 0;
    for (let at = this.length + digits - 1; at >= this.length; at--) {
      const tenth = (rest / 10) | 0;
      this.bytes[at] = ZERO + rest - 10 * tenth;
      rest = tenth;
    }
    this.length += digits;
  }

  private reserve(more: number): void {
    if (this.length + more + SPARE_BYTES <= this.bytes.length) return;
    const bytes = new Uint8Array(2 * (this.bytes.length + more));
    bytes.set(this.bytes.subarray(0, this.length));
    this.bytes = bytes;
    this.view = new DataView(bytes.buffer);
  }
}

/** Digits of a whole number that is not negative. */
function digitsOf(value: number): number {
  let digits = 1;
  for (let least = 10; value >= least; least *= 10) digits++;
  return digits;
}

/** Up to four signs of ASCII as the bytes of a word, the first one lowest. The playground, which has no Buffer, loads this, too. */
function wordOf(signs: string): number {
  const codes = [3, 2, 1, 0].map((index) => signs.padEnd(4).charCodeAt(index));
  return codes.reduce((word, code) => word * 256 + code, 0);
}
