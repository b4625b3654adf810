import { expect } from 'chai';
import { answerTable } from '../../../src/report/terminal.js';
import { buildReport } from '../../../src/report/html/report.js';
import { readResults, type ResultData } from '../../../src/report/read/result-data.js';
import { documentOf, type Element, smallResult, type SmallResult } from './small-result.js';

const ROTATED = {
  warmup: '0s',
  duration: '8m',
  objects: [
    { name: 'ca', kind: 'Secret', scope: 'cluster' },
    { name: 'token', kind: 'Secret', scope: 'cluster', as: 'env' },
  ],
  timeline: [
    { at: '30s', update: 'ca' },
    { at: '35s', update: 'token' },
  ],
  pipeline: { source: { refreshInterval: '1m' }, application: { reloadInterval: '10s' } },
  apiServer: {},
  factors: {
    'kubelet.configMapAndSecretChangeDetectionStrategy': ['Watch', 'Cache'],
    'cluster.kubernetesVersion': ['1.28', '1.34'],
  },
  slos: ['last_pod_max_s < 120s'],
};

const text = (document: Element, selector: string): string =>
  document.querySelector(selector)?.textContent.replaceAll(/\s+/g, ' ').trim() ?? '';

describe('the first screen where there is no bound', () => {
  it('promises none: it says what was seen, and why there is no more', async () => {
    const result = await smallResult({ slos: [], replications: 1 });
    try {
      const document = documentOf(await buildReport(await readResults(result.folder), { runs: 0 }));
      expect(text(document, '.verdict')).to.match(
        /^At worst the last pod had the new keys after [\d.]+ s: seen, no bound\.$/,
      );
      expect(text(document, '#fact-bound')).to.match(/^Until the last pod has the new keys .*no closed form: /);
    } finally {
      await result.remove();
    }
  });
});

describe('the first screen of the report', () => {
  let result: SmallResult;
  let data: ResultData;
  let document: Element;
  before(async () => {
    result = await smallResult(ROTATED);
    data = await readResults(result.folder);
    document = documentOf(await buildReport(data, { runs: 0 }));
  });
  after(() => result.remove());

  it('says first whether the SLOs are met', () => {
    expect(text(document, '.verdict')).to.match(/^✗ [12] of 4 SLO verdicts are missed/);
    expect([...document.querySelectorAll('#fact-slos li')]).to.have.length(4);
  });

  it('answers in the order in which whoever decides asks', () => {
    const ids = [...document.querySelectorAll('.facts > div')].map((fact) => fact.getAttribute('id'));
    expect(ids).to.deep.equal(
      ['bound', 'overlap', 'never', 'slos', 'load', 'releases'].map((question) => `fact-${question}`),
    );
  });

  it('says the same as the terminal: the bound, how long to keep the old credential, who never gets it', () => {
    const terminal = answerTable(result.experiment, result.outcome, { width: 200, colour: false });
    for (const scenario of data.scenarios) {
      const bound = Math.ceil((scenario.metrics.last_pod_bound_s.mean ?? 0) * 10) / 10;
      expect(text(document, '#fact-bound')).to.contain(`${bound.toFixed(1)} s (bound)`);
    }
    const advice = [...terminal.matchAll(/^.*: (keep the old credential valid .*)$/gm)].map(([, sentence]) => sentence);
    expect(advice).to.have.length(4);
    for (const sentence of advice) expect(text(document, '#fact-overlap')).to.contain(sentence);
    expect(terminal).to.contain(text(document, '#fact-never dd'));
  });

  it('names what a release changes of the delay, under the strategy where it does', () => {
    expect(text(document, '#fact-releases')).to.match(
      /^What a release changes 1\.28 → 1\.34 .*Cache: .*last pod [\d.]+ → [\d.]+ s/,
    );
  });

  it('has the date of the runs, not of the page', async () => {
    const started = data.manifest.execution?.started_at ?? '';
    expect(document.querySelector('time')?.getAttribute('datetime')).to.equal(started);
    expect(await buildReport(data, { runs: 0 })).to.equal(await buildReport(data, { runs: 0 }));
    const manifest = { ...data.manifest, execution: undefined };
    expect(documentOf(await buildReport({ ...data, manifest }, { runs: 0 })).querySelector('time')).to.equal(null);
  });
});
