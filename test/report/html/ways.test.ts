import { expect } from 'chai';
import { buildReport } from '../../../src/report/html/report.js';
import { readResults } from '../../../src/report/read/result-data.js';
import { documentOf, type Element, numbersOf, smallResult, type SmallResult } from './small-result.js';

const QUICK = {
  replications: 1,
  duration: '20m',
  apiServer: {},
  objects: [{ name: 'app-tls', kind: 'Secret', scope: 'deployment' }],
  timeline: [{ at: '30s', update: 'app-tls' }],
  slos: [],
};
const WAYS = {
  ...QUICK,
  operators: { externalSecrets: { objects: 'app-tls', refreshInterval: '5m', enabled: false } },
  timeline: [{ at: '30s', rotateAtSource: 'app-tls' }],
  factors: { 'operators.externalSecrets.enabled': [false, true] },
  slos: ['source_to_application_max_s < 600'],
};

describe('the report of ways to a new credential', () => {
  let result: SmallResult;
  let document: Element;
  before(async () => {
    result = await smallResult(WAYS);
    document = documentOf(await buildReport(await readResults(result.folder), { runs: 0 }));
  });
  after(() => result.remove());

  it('compares them in one table, with the numbers of summary.csv', async () => {
    const [, byHand, byOperator] = [...document.querySelectorAll('#ways .scroll table')][0].querySelectorAll('tr');
    expect(byHand.textContent).to.include('enabled=false');
    expect(byOperator.textContent).to.include('enabled=true');
    const last = (await result.read('summary.csv'))
      .split('\n')
      .filter((line) => line.includes(',source_to_application_max_s,'));
    const shown = numbersOf(document, 'ways').map(([, seconds]) => seconds);
    expect(last).to.have.length(shown.length);
    last.forEach((line, index) => expect(line).to.include(`,${shown[index]},`));
  });

  it('is not there without operators', async () => {
    const plain = await smallResult({ ...QUICK, factors: { 'kubelet.syncFrequency': ['30s', '60s'] } });
    const text = await buildReport(await readResults(plain.folder), { runs: 0 });
    expect(text).not.to.include('id="ways"');
    await plain.remove();
  });
});
