import { expect } from 'chai';
import { readFile } from 'node:fs/promises';
import { writeReportPage } from '../../../src/report/html/report.js';
import { differencesOf } from '../../../src/report/difference-lines.js';
import { summarizeScenarios } from '../../../src/report/scenario-summary.js';
import { documentOf, type Element, smallResult, type SmallResult } from './small-result.js';

const texts = (of: Element | null | undefined, selector: string): string[] =>
  [...(of?.querySelectorAll(selector) ?? [])].map(({ textContent }) => textContent.trim());

describe('the report of an experiment with a baseline and groups', () => {
  let result: SmallResult;
  let document: Element;
  before(async () => {
    result = await smallResult({
      baseline: 'now',
      output: { groups: true },
      factors: { 'kubelet.configMapAndSecretChangeDetectionStrategy': ['Watch', 'Cache'] },
    });
    document = documentOf(await readFile(await writeReportPage(result.folder, { runs: 0 }), 'utf8'));
  });
  after(() => result.remove());

  it('tells the difference to the baseline as the terminal does', () => {
    const section = document.querySelector('#difference');
    expect(section?.querySelector('h2')?.textContent).to.equal('Difference to now (Watch)');
    const told = differencesOf(result.experiment, summarizeScenarios(result.experiment, result.outcome));
    expect(texts(section, 'tbody tr').map((row) => row.replaceAll(/\s+/g, ' '))).to.have.length(told?.rows.length ?? 0);
    expect(texts(section, 'tbody td')).to.deep.equal(told?.rows.flat());
  });

  it('shows the groups of groups.csv, the slowest first', async () => {
    const [namespaces, kinds] = [...(document.querySelector('#groups')?.querySelectorAll('table') ?? [])];
    expect(texts(namespaces, 'thead th')[0]).to.equal('namespace');
    expect(texts(kinds, 'tbody td')[0]).to.equal('Deployment');
    const csv = (await result.read('groups.csv')).trimEnd().split('\n');
    const [last] = csv.filter((line) => line.includes('Watch,owner_kind,Deployment,1,'));
    const delay = Number(last.split(',')[csv[0].split(',').indexOf('delay_s')]);
    expect(texts(kinds, 'tbody td')[3]).to.equal(String(Math.round(delay * 10) / 10));
  });
});
