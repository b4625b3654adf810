import { expect } from 'chai';
import { buildReport } from '../../../src/report/html/report.js';
import { readResults } from '../../../src/report/read/result-data.js';
import { band, drawPlot } from '../../../src/report/html/plot.js';
import { documentOf, type Element, numbersOf, smallResult, type SmallResult } from './small-result.js';

const ASKED = {
  replications: 7,
  warmup: '0s',
  duration: '8m',
  timeline: [{ at: '30s', update: 'ca' }],
  apiServer: {},
  pipeline: { source: { refreshInterval: '1m' }, application: { reloadInterval: '10s' } },
  output: { exceedances: ['60s'], lastPodQuantiles: [0.5, 0.9] },
  factors: {
    'kubelet.syncFrequency': ['10s', '60s', '90s'],
    'kubelet.configMapAndSecretChangeDetectionStrategy': ['Watch', 'Cache'],
  },
  slos: [],
};

describe('the report of what was asked for beyond delays', () => {
  let result: SmallResult;
  let document: Element;
  before(async () => {
    result = await smallResult(ASKED);
    document = documentOf(await buildReport(await readResults(result.folder), { runs: 0 }));
  });
  after(() => result.remove());

  /** Cells of a table without quotes, after the experiment and its two factors, one with a twin. */
  async function cells(file: string): Promise<readonly string[][]> {
    const [, ...lines] = (await result.read(file)).trimEnd().split('\n');
    return lines.map((line) => line.split(',')).map(([, scenario, , , , ...rest]) => [scenario, ...rest]);
  }

  it('has rotation.csv, by the kubelets and through the pipeline', async () => {
    expect(numbersOf(document, 'rotation')).to.deep.equal(await cells('rotation.csv'));
    expect([...document.querySelectorAll('#rotation h3')]).to.have.length(2);
  });

  it('has last_pod.csv', async () => {
    expect(numbersOf(document, 'last-pod-quantiles')).to.deep.equal(await cells('last_pod.csv'));
  });

  it('has the shares beyond the thresholds', async () => {
    const rows = (await cells('summary.csv')).filter(([, metric]) => metric.includes('_over_'));
    const shown = numbersOf(document, 'exceedances').map(([scenario, metric, n, mean]) => [scenario, metric, n, mean]);
    expect(shown).to.deep.equal(rows.map(([scenario, metric, , n, mean]) => [scenario, metric, n, mean]));
  });

  it('has what each factor explains', async () => {
    const [header, ...lines] = (await result.read('effects.csv'))
      .trimEnd()
      .split('\n')
      .map((line) => line.split(','));
    const column = header.indexOf('variance_share');
    const shares = numbersOf(document, 'effects').map((row) => [row[0], row[2], row[9]]);
    expect(shares).to.deep.equal(lines.map((row) => [row[0], row[2], row[column]]));
  });

  it('begins with the map: it is a sweep', () => {
    const sections = [...document.querySelectorAll('section')].map((section) => section.getAttribute('id'));
    expect(sections[0]).to.equal('heat-map');
    expect(document.querySelector('header #heat-map h3')?.textContent).to.equal('every pod by (bound), seconds');
  });

  it('answers for many scenarios with the range from the least to the most', () => {
    const [bounds, half, worst] = [...document.querySelectorAll('#fact-bound dd p')].map(
      ({ textContent }) => textContent,
    );
    const range = String.raw`[\d.]+ s \(syncFrequency=10s .*\) to [\d.]+ s \(syncFrequency=90s .*\)`;
    expect(bounds).to.match(new RegExp(String.raw`^${range} \(bounds\)$`));
    expect(half).to.match(new RegExp(`^half of the pods after ${range}$`));
    expect(worst).to.match(new RegExp(`^worst seen ${range}$`));
  });
});

describe('the band of an interval over time', () => {
  it('ends at nothing, below which no count is', () => {
    const line = { colour: 'black', dash: 'none', width: 1 };
    const summary = { n: 2, mean: 5, stddev: 1, min: 4, max: 6, ci95Low: -4, ci95High: 14 };
    const points = [0, 10].map((start) => ({ start, length: 10, values: { watches: summary } }));
    const { text } = drawPlot({ marks: [...band(points, 'watches', line)] }, 'watches');
    expect(text).to.contain('>14<').and.to.not.contain('−');
  });
});
