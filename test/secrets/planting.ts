/** A secret that stands nowhere else: each run of five of its characters gives it away. */
export const SECRET = 'Xq7Kz9Wv3Jt5Rb8Yp';
/** One that a file may hold as a number. */
export const SECRET_NUMBER = 7_391_846_205;
const PIECE = 5;

/** Whether a piece of the planted secrets stands in a text. */
export function givesAway(text: string): boolean {
  return [SECRET, String(SECRET_NUMBER)].some((secret) =>
    Array.from({ length: secret.length - PIECE + 1 }, (_, at) => secret.slice(at, at + PIECE)).some((piece) =>
      text.toLowerCase().includes(piece.toLowerCase()),
    ),
  );
}

/** A document in which the secret stands somewhere, and where. */
export interface Planted {
  readonly where: string;
  readonly document: unknown;
}

/** What may stand in the place of a value. */
const SEEDS: readonly (readonly [string, unknown])[] = [
  ['text', SECRET],
  ['a number', SECRET_NUMBER],
  ['a map', { [SECRET]: SECRET }],
  ['a path', `cluster.${SECRET}.nodes`],
  ['a name with a namespace', `${SECRET}/${SECRET}`],
];

/** All seeds in each place with EVERY_SEED=1, by hand; else one in each, in turn, which takes a fifth of the time. */
function seedsInTurn(): () => typeof SEEDS {
  let places = 0;
  return () => (process.env['EVERY_SEED'] === '1' ? SEEDS : [SEEDS[places++ % SEEDS.length]]);
}

/** The document with the secret in every place: of each value, beside each field, and as the name of each field. */
export function* plantedIn(document: unknown, where = '', seeds = seedsInTurn()): Generator<Planted> {
  for (const [kind, seed] of seeds()) yield { where: `${where}: ${kind}`, document: seed };
  if (typeof document !== 'object' || document === null) return;
  if (Array.isArray(document)) {
    const items: readonly unknown[] = document;
    for (const [index, item] of items.entries()) {
      for (const inner of plantedIn(item, `${where}.${index}`, seeds)) {
        yield { where: inner.where, document: items.with(index, inner.document) };
      }
    }
    yield { where: `${where}: one more item`, document: [...items, SECRET] };
    return;
  }
  const fields = Object.entries(document);
  for (const [name, value] of fields) {
    for (const inner of plantedIn(value, `${where}.${name}`, seeds)) {
      yield { where: inner.where, document: { ...document, [name]: inner.document } };
    }
    const renamed = fields.map(([each, kept]) => [each === name ? SECRET : each, kept] as const);
    yield { where: `${where}.${name}: its name`, document: Object.fromEntries(renamed) };
  }
  yield { where: `${where}: one more field`, document: { ...document, [SECRET]: SECRET } };
}

/** Breaks of a text near the secret that make it end early, end late, or be something else. */
export const BREAKS: readonly (readonly [string, (text: string) => string])[] = [
  ['cut off', (text) => text.slice(0, text.indexOf(SECRET) + SECRET.length - 2)],
  ['cut off before it', (text) => text.slice(0, text.indexOf(SECRET) + 4)],
  ['two documents', (text) => `${text}\n---\n${SECRET}: ${SECRET}\n`],
  ['twice', (text) => `${text}\n${text}`],
  ['more behind it', (text) => `${text} ${SECRET}`],
  ['of UTF-16', (text) => Buffer.from(`\uFEFF${text}`, 'utf16le').toString('latin1')],
  ['with a control character', (text) => text.replace(SECRET, `${SECRET}\u0001`)],
  ...[
    '"',
    "'",
    '[',
    ']',
    '{',
    '}',
    ': ',
    ', ',
    '\n',
    '\n\t',
    '\n  - ',
    '\\',
    ' #',
    '&',
    '*',
    '!',
    '%',
    '@',
    '`',
    '|',
    '>',
    '? ',
    '- ',
  ].flatMap((mark): [string, (text: string) => string][] => [
    [`${mark.trim()} before it`, (text) => text.replace(SECRET, `${mark}${SECRET}`)],
    [`${mark.trim()} behind it`, (text) => text.replace(SECRET, `${SECRET}${mark}`)],
    [`${mark.trim()} within it`, (text) => text.replace(SECRET, `${SECRET.slice(0, 9)}${mark}${SECRET.slice(9)}`)],
  ]),
];
