import { expect } from 'chai';
import { access, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { InputError } from '../../../src/experiment/language/values/input-error.js';
import { answerSentences } from '../../../src/report/answer-sentences.js';
import { buildReport, writeReportPage } from '../../../src/report/html/report.js';
import { readResults } from '../../../src/report/read/result-data.js';
import { summarizeScenarios } from '../../../src/report/scenario-summary.js';
import { documentOf, type Element, numbersOf, smallResult, type SmallResult } from './small-result.js';

const SECTIONS = [
  'comparison',
  'delay',
  'stages',
  'last-pod',
  'wave',
  'storm-wave',
  'pareto',
  'heat-map',
  'load',
  'watches',
];
const LIMIT_BYTES = 3 * 1024 * 1024;

/** Columns of a CSV file without quotes, as text. */
function columnsOf(csv: string, ...names: readonly string[]): readonly (readonly string[])[] {
  const [header, ...lines] = csv
    .trimEnd()
    .split('\n')
    .map((line) => line.split(','));
  return lines.map((line) => names.map((name) => line[header.indexOf(name)]));
}

/** The page without the files that it holds. */
function withoutHeld(page: string): string {
  return page.replaceAll(/<script type="application\/json" data-file=[^]*?<\/script>/g, '');
}

describe('the report', () => {
  let result: SmallResult;
  let page: string;
  let document: Element;
  before(async () => {
    result = await smallResult();
    page = await readFile(await writeReportPage(result.folder), 'utf8');
    document = documentOf(page);
  });
  after(() => result.remove());

  it('opens with the question and the answer of the terminal', () => {
    expect(document.querySelector('h1')?.textContent).to.equal('Is <Watch> faster & cheaper?');
    const text = document.querySelector('.facts')?.textContent ?? '';
    const sentences = answerSentences(result.experiment, summarizeScenarios(result.experiment, result.outcome));
    expect(sentences).to.have.length(4);
    for (const sentence of sentences) {
      const parts = sentence.replace(/\.$/, '').split(/: (?:every pod has the new keys by )?|; /);
      expect(parts).to.have.length.above(3);
      for (const part of parts) expect(text).to.contain(part);
    }
  });

  it('has every figure with its numbers and links to files that are there', async () => {
    const ids = [...document.querySelectorAll('section')].map((section) => section.getAttribute('id'));
    expect(ids).to.include.members([...SECTIONS, 'storm', 'settings', 'provenance']);
    for (const id of [...SECTIONS, 'storm']) {
      expect(numbersOf(document, id), id).to.have.length.above(3);
      const links = [...document.querySelectorAll(`#${id} details a`)].map((link) => link.getAttribute('href') ?? '');
      expect(links, id).to.not.be.empty;
      for (const link of links) await access(join(result.folder, link));
    }
  });

  it('needs no network and no other file', () => {
    expect(withoutHeld(page)).to.not.match(/https?:|@import|url\(|<link|<img|\bsrc=/);
    for (const link of document.querySelectorAll('[href]')) {
      expect(link.getAttribute('href')).to.match(/^(#[\w-]+|[\w-]+\.(csv|json))$/);
    }
    expect(document.querySelector('meta[http-equiv]')?.getAttribute('content')).to.contain("default-src 'none'");
  });

  it('draws the delays and the load of the CSV files, digit by digit', async () => {
    const delays = columnsOf(await result.read('delays.csv'), 'scenario', 'quantile', 'delay_s', 'delay_ci95_low_s');
    const drawn = numbersOf(document, 'delay').map((row) => [row[0], row[3], row[4], row[5]]);
    expect(drawn).to.deep.equal(delays);
    const summary = columnsOf(await result.read('summary.csv'), 'scenario', 'metric', 'mean', 'ci95_low', 'ci95_high');
    const compared = numbersOf(document, 'comparison').map((row) => [row[0], row[1], row[3], row[4], row[5]]);
    for (const row of compared) expect(summary).to.deep.include(row);
  });

  it('gives every picture a text alternative', () => {
    const pictures = [...document.querySelectorAll('.picture svg[role=img], canvas')];
    expect(pictures.length).to.be.above(10);
    for (const picture of pictures) expect(picture.getAttribute('aria-label')).to.have.length.above(5);
  });

  it('is the same page, byte by byte, whenever it is written, and from files for spreadsheets', async () => {
    const excel = await smallResult({}, true);
    try {
      const read = await readResults(excel.folder);
      // Its date is that of its runs, and it holds its own files.
      const { execution } = (await readResults(result.folder)).manifest;
      const same = await buildReport({ ...read, manifest: { ...read.manifest, execution } });
      expect(withoutHeld(same)).to.equal(withoutHeld(page));
    } finally {
      await excel.remove();
    }
  });

  it('says which settings differ from the defaults, and the verdicts of SLOs', () => {
    const settings = document.querySelector('#settings .scroll')?.textContent ?? '';
    expect(settings).to.contain('cluster.nodes').and.to.contain('varied, see below');
    expect(settings).to.not.contain('etcd.watch');
    expect([...document.querySelectorAll('.slos li')].length).to.equal(4);
  });

  it('ends its waves where the runs have their last pod and their last watch', async () => {
    const runs = columnsOf(await result.read('runs.csv'), 'run_id', 'last_pod_max_s', 'watch_recovery_max_s');
    const last = (id: string) => numbersOf(document, id).filter(([, what]) => what.startsWith('100 %'));
    const first = runs.filter(([run]) => run.endsWith('r001'));
    expect(last('wave').map((row) => Number(row[2]))).to.deep.equal(first.map((row) => Number(row[1])));
    const watches = first.filter((row) => row[2] !== '').map((row) => Number(row[2]));
    expect(last('storm-wave').map((row) => Number(row[2]))).to.deep.equal(watches);
  });

  it('leaves out a replay that is not the recorded run', async () => {
    const { manifest, ...rest } = await readResults(result.folder);
    const [run, ...others] = manifest.runs;
    const changed = { ...manifest, runs: [{ ...run, fingerprint: '0000000000000000' }, ...others] };
    const text = await buildReport({ ...rest, manifest: changed });
    expect(text).to.contain('1 runs could not be repeated exactly');
    expect([...documentOf(text).querySelectorAll('#wave canvas')].length).to.equal(3);
  });
});

describe('the report of little', () => {
  it('draws what there is: no update, no storm, one replication', async () => {
    const result = await smallResult({ timeline: [], replications: 1, factors: {}, slos: [] });
    const document = documentOf(await buildReport(await readResults(result.folder)));
    const ids = [...document.querySelectorAll('section')].map((section) => section.getAttribute('id'));
    expect(ids).to.deep.equal(['comparison', 'load', 'watches', 'settings', 'provenance']);
    expect(document.querySelector('#comparison')?.textContent).to.contain('there are no intervals');
    await result.remove();
  });

  it('refuses a folder without a result', async () => {
    const error = await writeReportPage('src').then(
      () => null,
      (reason: unknown) => reason,
    );
    expect(error).to.be.instanceOf(InputError);
    expect(String(error)).to.contain('holds no manifest.json');
  });
});

describe('the report of much', () => {
  it('draws six of a hundred scenarios and says so', async () => {
    const result = await smallResult({
      replications: 1,
      warmup: '0s',
      duration: '1m',
      cluster: { nodes: 2, podsPerNode: 1, serviceAccountMaterial: 'none' },
      timeline: [{ at: '30s', update: 'ca' }],
      factors: { 'kubelet.syncFrequency': { from: '10s', to: '109s', steps: 100 } },
    });
    const text = await buildReport(await readResults(result.folder), { runs: 0 });
    expect(text).to.contain('6 of 100 scenarios are drawn');
    expect(numbersOf(documentOf(text), 'stages')).to.have.length(100);
    expect(Buffer.byteLength(text)).to.be.below(LIMIT_BYTES);
    await result.remove();
  });

  it('stays below 3 MiB for the largest committed result', async () => {
    const text = await buildReport(await readResults('results/immutable-savings'), { runs: 0 });
    // Waves of six scenarios of 6,000 cells each: 12 bytes a cell in base64, for updates and for watches.
    const waves = 6 * 6000 * 16;
    expect(Buffer.byteLength(text) + waves).to.be.below(LIMIT_BYTES);
  });
});
