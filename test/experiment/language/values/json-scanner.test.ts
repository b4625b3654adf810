import { expect } from 'chai';
import fc from 'fast-check';
import { InputError } from '../../../../src/experiment/language/values/input-error.js';
import { JsonScanner } from '../../../../src/experiment/language/values/json-scanner.js';
import { inputError } from '../../../import/kubernetes.js';
import { anyText } from '../../../any-text.js';

interface Scan {
  readonly parts: unknown[];
  readonly documents: number;
}

function scan(pieces: readonly (string | Uint8Array)[], paths: readonly string[] = ['$.items.*', '$.kind']): Scan {
  const parts: unknown[] = [];
  let documents = 0;
  const scanner = new JsonScanner({
    label: 'dump.json',
    paths,
    onPart: ({ key, value }) => parts.push([key, value]),
    onDocument: () => documents++,
  });
  for (const piece of pieces) scanner.write(Buffer.from(piece));
  scanner.end();
  return { parts, documents };
}

function pieces(text: string): string[] {
  return Array.from({ length: Math.ceil(text.length / 65_536) }, (_, index) =>
    text.slice(index * 65_536, (index + 1) * 65_536),
  );
}

/** The message of the InputError that a scan ends in; none where it ends well. */
function messageOf(work: () => unknown): string | undefined {
  try {
    work();
  } catch (error) {
    if (error instanceof InputError) return error.message;
    throw error;
  }
  return undefined;
}

describe('JsonScanner', () => {
  it('hands over the parts that were asked for, of each document', () => {
    const { parts, documents } = scan([
      '{"items": [{"a": [1]}, 2], "kind": "List", "other": {"x": 1}}\n{"kind": "Pod"}',
    ]);
    expect(parts).to.deep.equal([
      [0, { a: [1] }],
      [1, 2],
      ['kind', 'List'],
      ['kind', 'Pod'],
    ]);
    expect(documents).to.equal(2);
  });

  it('takes the elements of a list for documents, also among others', () => {
    const list = '[{"kind": "Pod"}, {"items": [[1], 2]}, 3, []]';
    const parts = [
      ['kind', 'Pod'],
      [0, [1]],
      [1, 2],
    ];
    expect(scan([list])).to.deep.equal({ parts, documents: 4 });
    expect(scan(`[]${list}{}[ ]`.split(/(?=.)/))).to.deep.equal({ parts, documents: 5 });
  });

  it('refuses a list whose elements do not stand as in a list', async () => {
    for (const text of ['[,{}]', '[{}{}]', '[{},]', '[{},,{}]', ',{}', ']', '[{}', '[{},', '[{}]]', '[{"a": 1},}']) {
      expect(await inputError(() => scan([text])), text).to.match(/^dump\.json:1:\d+: /);
    }
  });

  it('keeps no part that is larger than any object', async () => {
    const large = 'x'.repeat(2 ** 20);
    const key = `"${large}": "${large}"`;
    const texts = [
      `{"data": {${Array.from({ length: 9 }, () => key).join(',')}}}`,
      `{"items": [[${Array.from({ length: 17 }, () => `"${large}"`).join(',')}]]}`,
    ];
    for (const text of texts) {
      expect(await inputError(() => scan(pieces(text)))).to.match(
        /a part that begins at byte \d+ is larger than 16 MiB/,
      );
    }
    const many = Array.from({ length: 20 }, () => `{"a": "${large}"}`).join(',');
    expect(scan(pieces(`{"items": [${many}]}`)).parts).to.have.lengthOf(20);
  });

  it('gives the same parts however the text is cut into pieces', () => {
    const bytes = Buffer.from(
      '{"items": [{"na\\u00efve": "ä€😀", "n": -1.5e3}, {"empty": {}}], "kind": "List"} {"kind": "é"}',
    );
    const whole = scan([bytes]);
    fc.assert(
      fc.property(fc.array(fc.nat({ max: bytes.length }), { maxLength: 20 }), (cuts) => {
        const ends = [0, ...cuts.sort((a, b) => a - b), bytes.length];
        const pieces = ends.slice(1).map((end, index) => bytes.subarray(ends[index], end));
        expect(scan(pieces)).to.deep.equal(whole);
      }),
      { seed: 1, numRuns: 200 },
    );
  });

  it('cuts elements out as they are, and says of damaged text the same as reading it token by token', () => {
    const element = fc.oneof(
      fc.object({ maxDepth: 2 }),
      fc.json().map((text): unknown => JSON.parse(text)),
    );
    const document = fc.record({ kind: anyText(), items: fc.array(element), more: element });
    const damage = fc.record({
      at: fc.nat(),
      removed: fc.nat(2),
      byte: fc.constantFrom(...Buffer.from('{}[]",:\\\n\u00ff0a ')),
    });
    fc.assert(
      fc.property(
        fc.array(document, { minLength: 1, maxLength: 3 }),
        fc.constantFrom(0, 4),
        fc.option(damage),
        fc.array(fc.nat(), { maxLength: 8 }),
        (documents, indent, damaged, cuts) => {
          const text = Buffer.from(documents.map((each) => JSON.stringify(each, null, indent)).join('\n'));
          const at = (damaged?.at ?? 0) % text.length;
          const rest = text.subarray(at + (damaged?.removed ?? 0));
          const bytes = damaged === null ? text : Buffer.concat([text.subarray(0, at), Buffer.of(damaged.byte), rest]);
          const ends = [0, ...cuts.map((cut) => cut % bytes.length).sort((a, b) => a - b), bytes.length];
          const pieces = ends.slice(1).map((end, i) => bytes.subarray(ends[i], end));
          const expected = messageOf(() => scan(pieces, ['$.kind']));
          expect(messageOf(() => scan(pieces))).to.equal(expected);
          if (damaged !== null) return;
          const items = JSON.parse(`[${documents.map((each) => JSON.stringify(each.items)).join(',')}]`) as unknown[][];
          const elements = scan(pieces, ['$.items.*']).parts;
          expect(elements).to.deep.equal(items.flatMap((each) => each.map((value, i) => [i, value])));
        },
      ),
      { seed: 1, numRuns: 400 },
    );
  });

  it('counts lines and bytes of elements that were cut out', async () => {
    const text = '{"items": [\n{"a":\n [1]},\n {}, {"b": {\n"c": "\\""}}\n  ], "kind": x}';
    for (const pieces of [[text], Array.from(text)]) {
      expect(await inputError(() => scan(pieces))).to.equal('dump.json:6:14: not valid JSON here (byte 63)');
    }
  });

  it('tells line, column and byte of what is not JSON, in whichever piece it stands', async () => {
    const expected = 'dump.json:3:7: not valid JSON here (byte 22)';
    expect(await inputError(() => scan(['{\n  "kind": 1 ,\n "a": x}']))).to.equal(expected);
    expect(await inputError(() => scan(['{\n  "ki', 'nd": 1 ,', '\n "a"', ': ', 'x}']))).to.equal(expected);
    const unexpected = await inputError(() => scan(['{\n  "kind": 1 ,\n "a": ', '"b" "c"}']));
    expect(unexpected).to.equal('dump.json:3:11: not valid JSON here (byte 26)');
  });

  it('never quotes the text', async () => {
    for (const text of [
      '{"a": "hunter2" "b": 1}',
      '{"a": hunter2}',
      '{"hunter2" 1}',
      '{"a": "hunter2\n"}',
      '{"a": "hunter2',
    ]) {
      expect(await inputError(() => scan([text])))
        .to.match(/^dump\.json:\d+:\d+: /)
        .and.not.include('hunter2');
    }
  });

  it('says where truncated text ends', async () => {
    const message = await inputError(() => scan(['{"items": [\n  {"kind": "Po']));
    expect(message).to.equal('dump.json:2:15: the JSON ends in the middle, after 26 bytes: the file is truncated');
    expect(await inputError(() => scan(['{"items": [{}]']))).to.include('truncated');
  });

  it('refuses text that is not UTF-8', async () => {
    const message = await inputError(() => scan([Buffer.from([0x7b, 0x22, 0xff, 0xfe, 0x22, 0x7d])]));
    expect(message).to.include('not UTF-8');
  });

  it('refuses endless nesting at once', async () => {
    expect(await inputError(() => scan(['['.repeat(1_000_000)]))).to.equal(
      'dump.json: is nested more than 500 levels deep',
    );
  });
});
