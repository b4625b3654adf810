import { expect } from 'chai';
import fc from 'fast-check';
import { gzipSync } from 'node:zlib';
import { parseSample, readSamples, type Sample } from '../../../src/import/calibrate/prometheus-text.js';
import { inputError, TestFolder } from '../kubernetes.js';
import { seriesLine } from './scrapes.js';

const PLACE = { label: 'x.prom', line: 7 };

function parse(text: string): Sample {
  return parseSample(text, PLACE);
}

describe('a line of a scrape', () => {
  it('is a name, labels and a number', () => {
    expect(parse('a:b_1{c="d",e=""} 1.5')).to.deep.equal({
      name: 'a:b_1',
      labels: new Map([
        ['c', 'd'],
        ['e', ''],
      ]),
      value: 1.5,
      timestamp: null,
      line: 7,
    });
  });

  it('may have blanks between its parts, a comma behind its last label, and no labels', () => {
    expect(parse('  a { c = "d" , } 1 ').labels).to.deep.equal(new Map([['c', 'd']]));
    expect(parse('a{} 1').labels).to.be.empty;
    expect(parse('a\t1').value).to.equal(1);
  });

  it('may have names in quotes, which hold any character', () => {
    const quoted = parse('{"a.b", "c.d"="e", f="g"} 1');
    expect(quoted.name).to.equal('a.b');
    expect([...quoted.labels]).to.deep.equal([
      ['c.d', 'e'],
      ['f', 'g'],
    ]);
    expect(parse('{"a"} 1')).to.deep.equal(parse('a 1'));
    expect(parse('a{"b"="c"} 1')).to.deep.equal(parse('a{b="c"} 1'));
  });

  it('escapes backslash, quote and line feed in the values of labels', () => {
    expect(parse(String.raw`a{b="\\n\"\n} 1"} 2`).labels.get('b')).to.equal('\\n"\n} 1');
  });

  it('has any number that Go writes', () => {
    const numbers = ['1e+06', '.5', '5.', '-2.5E-3', '+Inf', 'Inf', '-inf', '0'];
    expect(numbers.map((text) => parse(`a ${text}`).value)).to.deep.equal([
      1e6,
      0.5,
      5,
      -0.0025,
      Infinity,
      Infinity,
      -Infinity,
      0,
    ]);
    expect(parse('a NaN').value).to.be.NaN;
  });

  it('may have a timestamp and an exemplar, which says nothing of the series', () => {
    expect(parse('a 1 1717000000000').timestamp).to.equal(1_717_000_000_000);
    expect(parse('a_bucket{le="1"} 3 # {trace_id="x"} 0.5 1717000000.5').timestamp).to.equal(null);
    expect(parse('a_bucket{le="1"} 3 1717000000.25 # {} 0.5').timestamp).to.equal(1_717_000_000.25);
  });

  const bad: readonly (readonly [string, string])[] = [
    ['{a="b"} 1', 'x.prom:7:1: expected the name of a metric; needed is what kubectl get --raw /metrics prints; found'],
    ['{} 1', 'x.prom:7:1: expected the name of a metric'],
    ['{"a","b"} 1', 'x.prom:7:9: expected =; found "}"'],
    ['a', 'x.prom:7:2: expected the value of the series, a number; found the end of the line'],
    ['a{b} 1', 'x.prom:7:4: expected =; found "}"'],
    ['a{b=c} 1', 'x.prom:7:5: expected "; found other text'],
    ['a{b="c', 'x.prom:7:7: expected "; found the end of the line'],
    ['a{b="c" d="e"} 1', 'x.prom:7:9: expected ,; found other text'],
    ['a{b="c",b="d"} 1', 'x.prom:7:9: this label is given twice'],
    [String.raw`a{b="\t"} 1`, String.raw`x.prom:7:6: expected \\, \" or \n; found "\\"`],
    ['a{b="c"', 'x.prom:7:8: expected ,; found the end of the line'],
    ['a one', 'x.prom:7:3: expected the value of the series, a number; found other text'],
    ['a 0x10', 'x.prom:7:3: expected the value'],
    ['a 1 x', 'x.prom:7:5: expected a timestamp, an exemplar or the end of the line; found other text'],
    ['a 1 2 3', 'x.prom:7:7: expected an exemplar or the end of the line; found other text'],
  ];
  for (const [line, message] of bad) {
    it(`is refused: ${line}`, async () => {
      expect(await inputError(() => parse(line))).to.include(message);
    });
  }

  it('comes back as it was written, whatever is in it', () => {
    const name = fc.stringMatching(/^[a-zA-Z_][a-zA-Z0-9_]{0,8}$/);
    const labels = fc.dictionary(name, fc.string({ unit: 'grapheme' }), { maxKeys: 4, noNullPrototype: true });
    const series = fc.record({
      name: fc.stringMatching(/^[a-zA-Z_:][a-zA-Z0-9_:]{0,8}$/),
      labels,
      value: fc.double(),
      timestamp: fc.option(fc.integer({ min: 0, max: 2 ** 42 }), { nil: undefined }),
    });
    fc.assert(
      fc.property(series, ({ timestamp, ...rest }) => {
        const line = seriesLine({ ...rest, ...(timestamp !== undefined && { timestamp }) });
        const sample = parse(line.slice(0, -1));
        expect(sample.name).to.equal(rest.name);
        expect(Object.fromEntries(sample.labels)).to.deep.equal(rest.labels);
        // A written 0 has no sign.
        expect(Object.is(sample.value, rest.value) || sample.value === rest.value).to.be.true;
        expect(sample.timestamp).to.equal(timestamp ?? null);
      }),
    );
  });
});

describe('a scrape', () => {
  let folder: TestFolder;
  before(async () => {
    folder = await TestFolder.create();
  });
  after(() => folder.remove());

  async function read(
    content: string | Uint8Array,
  ): Promise<readonly [boolean, readonly (readonly [string, number])[]]> {
    const samples: [string, number][] = [];
    const path = await folder.write('x.prom', content);
    const { openMetrics } = await readSamples(path, ({ name, line }) => samples.push([name, line]));
    return [openMetrics, samples];
  }

  it('has comments and empty lines between its series', async () => {
    const text = '# HELP a Says "{" and more\n# TYPE a counter\na 1\n\n#\n# any\nb 2\n';
    expect(await read(text)).to.deep.equal([
      false,
      [
        ['a', 3],
        ['b', 7],
      ],
    ]);
  });

  it('is OpenMetrics where it ends with the mark of its end', async () => {
    expect((await read('# TYPE "a.b" gauge\n{"a.b"} 1\n'))[0]).to.be.false;
    expect((await read('# TYPE a gaugehistogram\n# UNIT a seconds\na 1\n# EOF\n'))[0]).to.be.true;
  });

  it('may be packed, begin with a byte order mark, and have the line ends of Windows', async () => {
    const expected = [false, Object.entries({ a: 1, b: 2 })];
    expect(await read(gzipSync('a 1\nb 2\n'))).to.deep.equal(expected);
    expect(await read('\ufeffa 1\r\nb 2\r\n')).to.deep.equal(expected);
  });

  it('is read whatever the pieces in which it comes', async () => {
    const text = Array.from({ length: 20_000 }, (_, index) => `a_${index}{b="é"} ${index}\n`).join('');
    expect((await read(text))[1]).to.have.lengthOf(20_000);
  });

  const bad: readonly (readonly [string, string | Uint8Array, string])[] = [
    ['nothing', '', 'is empty; needed is what kubectl get --raw /metrics prints'],
    ['a log-in page', '\n<!DOCTYPE html>', 'is an HTML or XML page'],
    [
      'a refusal of the API server',
      '{"kind":"Status","status":"Failure","message":"forbidden: hush","code":403}\n',
      'is an error answer of the API server (kind Status, code 403): this user may not read /metrics; needed',
    ],
    ['another object', '{"kind":"List"}', 'is JSON'],
    ['UTF-16', Buffer.from('\ufeffa 1\n', 'utf16le'), 'is UTF-16 text'],
    ['a picture', Buffer.from([0x89, 0x50, 0x00, 0x0a]), 'is a binary file'],
    ['other text', Buffer.from([0x61, 0xff, 0x0a]), 'is not UTF-8 text'],
    ['half a character at the end', Buffer.from([0x61, 0x20, 0x31, 0x0a, 0xc3]), 'is not UTF-8 text'],
    ['an answer that was cut off', 'a 1\nb 2', ':2:4: the last line does not end with a line feed'],
    ['a type that is none', '# TYPE a number\n', ':1:1: expected # TYPE NAME and one of counter'],
    ['two scrapes', '# EOF\na 1\n', ':2:1: there is more after # EOF'],
    ['a line without end', 'a'.repeat(2_000_000), ':1:1: the line is longer than 1 MiB'],
  ];
  for (const [what, content, message] of bad) {
    it(`is refused where it is ${what}`, async () => {
      const found = await inputError(() => read(content));
      expect(found).to.include(message);
      expect(found).not.to.include('hush');
    });
  }
});
