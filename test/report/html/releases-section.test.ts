import { expect } from 'chai';
import { buildReport } from '../../../src/report/html/report.js';
import { readResults } from '../../../src/report/read/result-data.js';
import { documentOf, type Element, numbersOf, smallResult } from './small-result.js';

async function documentFor(releases: readonly string[]): Promise<Element> {
  const result = await smallResult({
    replications: 1,
    factors: {
      'kubelet.configMapAndSecretChangeDetectionStrategy': ['Watch', 'Cache'],
      'cluster.kubernetesVersion': releases,
    },
  });
  try {
    // Waves are of single runs, and not looked at here.
    return documentOf(await buildReport(await readResults(result.folder), { runs: 0 }));
  } finally {
    await result.remove();
  }
}

describe('the report of several releases', () => {
  let document: Element;
  before(async () => (document = await documentFor(['1.28', '1.34', '1.37'])));

  it('follows each other scenario from release to release', () => {
    const rows = numbersOf(document, 'by-release');
    expect(rows.map(([scenario, release]) => `${scenario} ${release}`)).to.include.members([
      'Watch 1.28',
      'Watch 1.34',
      'Watch 1.37',
      'Cache 1.28',
      'Cache 1.34',
      'Cache 1.37',
    ]);
  });

  it('names what changes between each release and the next, with its effect', () => {
    const section = document.querySelector('#releases')?.textContent ?? '';
    expect(section).to.contain('From 1.28 to 1.34').and.to.contain('From 1.34 to 1.37');
    expect(section).to.contain('cacheInvalidation').and.to.contain('the TTL is waited for first');
    expect(section).to.contain('concurrentDecode');
  });
});

describe('the report of two releases, or of one', () => {
  it('has no line through two points, but says what changes', async () => {
    const document = await documentFor(['1.28', '1.34']);
    expect(document.querySelector('#by-release')).to.equal(null);
    expect(document.querySelector('#releases')).not.to.equal(null);
  });

  it('says nothing of releases where there is one', async () => {
    const document = await documentFor(['1.34']);
    expect(document.querySelector('#releases')).to.equal(null);
  });
});
