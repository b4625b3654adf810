import { expect } from 'chai';
import { cp, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Browser } from 'playwright-core';
import { sectionsOf } from '../../../src/playground/sections.js';
import { axisNumber, shortMetric } from '../../../src/report/html/axis-numbers.js';
import { html, Html } from '../../../src/report/html/html.js';
import { buildReport } from '../../../src/report/html/report.js';
import { scenesOf } from '../../../src/report/html/scenes.js';
import { STYLE_SHEET } from '../../../src/report/html/style.js';
import { readLoad, readRestarts, readResults, type ResultData } from '../../../src/report/read/result-data.js';
import { startBrowser } from '../../browser.js';
import { magnify } from './magnify.js';
import { smallResult, type SmallResult } from './small-result.js';

/** All that figures are made of: releases, two factors, a crash, a pipeline, thresholds. */
const EVERYTHING = {
  replications: 7,
  pipeline: { source: { refreshInterval: '1m' }, application: { reloadInterval: '10s' } },
  output: { exceedances: ['60s'], lastPodQuantiles: [0.5, 0.9] },
  factors: {
    'kubelet.configMapAndSecretChangeDetectionStrategy': ['Watch', 'Cache'],
    'cluster.kubernetesVersion': ['1.28', '1.34', '1.37'],
  },
};

/** Pictures of this result; `ways` is a table. */
const PICTURED = [
  ...['heat-map', 'by-release', 'rotation', 'delay', 'stages', 'last-pod', 'last-pod-quantiles', 'exceedances'],
  ...['effects', 'pareto', 'load', 'watches', 'memory', 'storm'],
];

/** Width of a picture on a telephone of 390 pixels. */
const TELEPHONE_PX = 350;

/** What is wrong with the numbers of a page's axes: cut off at an edge of their picture, or over each other. */
const WRONG_NUMBERS = `[...document.querySelectorAll('svg[role=img]')].flatMap((svg) => {
  const picture = svg.getBoundingClientRect();
  const where = svg.closest('section').id;
  return [...svg.querySelectorAll('g')].flatMap((group) => {
    const numbers = [...group.querySelectorAll(':scope > text')]
      .filter(({ textContent }) => /^[−\\d]/.test(textContent))
      .map((text) => ({ text: text.textContent, box: text.getBoundingClientRect() }));
    const cut = numbers.filter(({ box }) => box.left < picture.left - 0.5 || box.right > picture.right + 0.5);
    const meets = ({ box: a }, { box: b }) => a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;
    const over = numbers.flatMap((one, index) =>
      numbers.slice(index + 1).filter((other) => meets(one, other)).map((other) => one.text + ' over ' + other.text),
    );
    return [...cut.map(({ text }) => text + ' is cut off'), ...over].map((what) => where + ': ' + what);
  });
})`;

/** The playground's pictures of a result, as narrow as on a telephone. */
async function narrowPage(data: ResultData): Promise<string> {
  const scenes = scenesOf(data, TELEPHONE_PX);
  const drawn = new Set(scenes.series.map(({ scenario }) => scenario.scenario.name));
  const answer = { load: await readLoad(data, drawn), restarts: await readRestarts(data, drawn), waves: [] };
  return html`<!doctype html>
    <html lang="en">
      <style>
        ${new Html(STYLE_SHEET)} .picture > svg {
          min-width: 0;
        }
      </style>
      <main>${sectionsOf(answer, scenes).map(({ draw }) => draw())}</main>
    </html>`.text;
}

describe('the numbers of an axis', () => {
  const written = (...ticks: readonly number[]): readonly string[] =>
    ticks.map((tick, i) => axisNumber(tick, i, ticks));

  it('are grouped below a million, and all have the same decimals', () => {
    expect(written(0, 250_000, 500_000)).to.deep.equal(['0', '250,000', '500,000']);
    expect(written(0, 0.5, 1)).to.deep.equal(['0.0', '0.5', '1.0']);
    expect(written(-5, 0, 0.1 + 0.2)).to.deep.equal(['−5.0', '0.0', '0.3']);
  });

  it('are shortened from a million on, in one unit', () => {
    expect(written(0, 500_000, 1_000_000, 2_500_000)).to.deep.equal(['0', '0.5M', '1.0M', '2.5M']);
    expect(written(0, 5e9, 1e10)).to.deep.equal(['0', '5G', '10G']);
  });

  it('have a power of ten where all are small', () => {
    expect(written(0, 2e-7, 1e-6)).to.deep.equal(['0', '0.2e-6', '1.0e-6']);
    expect(written(0, 0.0005, 0.001)).to.deep.equal(['0.0000', '0.0005', '0.0010']);
  });

  it('are shortened in the cells of a map too, a bound upwards', () => {
    expect(shortMetric('watches_open_mean', 999_999)).to.equal('999,999');
    expect(shortMetric('watches_open_mean', 1_234_567)).to.equal('1.23M');
    expect(shortMetric('last_pod_bound_s', 1_234_567)).to.equal('1.24M');
    expect(shortMetric('last_pod_max_s', null)).to.equal('-');
  });
});

describe('axes in a browser', function () {
  this.timeout(120_000);
  let result: SmallResult;
  let folder: string;
  let browser: Browser | null = null;

  before(async function () {
    browser = await startBrowser();
    if (browser === null) return this.skip();
    result = await smallResult(EVERYTHING);
    folder = await mkdtemp(join(tmpdir(), 'secretsim-axes-'));
  });
  after(async () => {
    if (browser === null) return;
    await browser.close();
    await result.remove();
    await rm(folder, { recursive: true });
  });

  for (const factor of [1e-6, 1700, 1e6, 1e10]) {
    it(`show every number whole, and none over another, where values are ${factor} times as large`, async () => {
      if (browser === null) return;
      const large = join(folder, String(factor));
      await cp(result.folder, large, { recursive: true });
      await magnify(large, factor);
      const data = await readResults(large);
      const pages = { report: await buildReport(data, { runs: 0 }), narrow: await narrowPage(data) };
      for (const [name, text] of Object.entries(pages)) {
        const path = join(folder, `${name}-${factor}.html`);
        await writeFile(path, text);
        const page = await browser.newPage({ viewport: { width: name === 'narrow' ? 390 : 1280, height: 800 } });
        await page.goto(pathToFileURL(path).href);
        const ids = await page.evaluate<string[]>(
          "[...document.querySelectorAll('section:has(svg[role=img])')].map(({ id }) => id)",
        );
        if (name === 'report') expect(ids).to.have.members(PICTURED);
        expect(await page.evaluate<string[]>(WRONG_NUMBERS), name).to.deep.equal([]);
        await page.close();
      }
    });
  }
});
