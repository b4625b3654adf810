import { expect } from 'chai';
import { readFile } from 'node:fs/promises';
import { pathToFileURL } from 'node:url';
import type { Browser, Page } from 'playwright-core';
import { VERBS } from '../../../src/cluster/model/verbs.js';
import { writeReportPage } from '../../../src/report/html/report.js';
import { violationsOf } from '../../accessibility.js';
import { startBrowser } from '../../browser.js';
import { smallResult, type SmallResult } from './small-result.js';

describe('the report in a browser', function () {
  this.timeout(120_000);
  let result: SmallResult;
  let browser: Browser | null = null;
  let page: Page;
  let url: string;
  const errors: string[] = [];
  const requests: string[] = [];

  before(async function () {
    browser = await startBrowser();
    if (browser === null) return this.skip();
    result = await smallResult();
    url = pathToFileURL(await writeReportPage(result.folder)).href;
    page = await browser.newPage({ acceptDownloads: true });
    page.on('console', (message) => errors.push(message.text()));
    page.on('pageerror', (error) => errors.push(error.message));
    page.on('request', (request) => requests.push(request.url()));
    await page.goto(url);
  });
  after(async () => {
    if (browser === null) return;
    await browser.close();
    await result.remove();
  });

  it('renders without an error and asks for nothing but itself', () => {
    expect(errors).to.deep.equal([]);
    expect(requests).to.deep.equal([url]);
  });

  /** What is shown where one points at an element of a picture. */
  async function hovered(selector: string): Promise<readonly string[]> {
    const element = page.locator(selector).first();
    await element.scrollIntoViewIfNeeded();
    const { x, y, width, height } = (await element.boundingBox()) ?? { x: 0, y: 0, width: 0, height: 0 };
    await page.mouse.move(x + width / 2, y + height / 2);
    return (await page.locator('.hover').innerText()).split('\n');
  }

  /** A row of a table by some of its cells, without quotes in it. */
  async function row(file: string, wanted: Readonly<Record<string, string>>): Promise<Record<string, string>> {
    const [header, ...lines] = (await result.read(file)).trimEnd().split('\n');
    const rows = lines.map((line) => {
      const cells = line.split(',');
      return Object.fromEntries(header.split(',').map((name, index) => [name, cells[index]]));
    });
    const found = rows.filter((each) => Object.entries(wanted).every(([name, value]) => each[name] === value));
    expect(found).to.have.length(1);
    return found[0];
  }

  it('shows the numbers of the CSV files where one points', async () => {
    const [cell, text] = await hovered('#heat-map svg[role=img] rect');
    const [, strategy, servers] = /Strategy (\w+), cluster\.apiServers (\d)$/.exec(cell) ?? [];
    const scenario = `strategy=${strategy} apiServers=${servers}`;
    const summary = await row('summary.csv', { scenario, metric: 'last_pod_max_s' });
    expect(text).to.contain(`: ${summary['mean']} (95 %: ${summary['ci95_low']} to ${summary['ci95_high']})`);
    const [place, delay] = await hovered('#delay circle:nth-of-type(5)');
    const [, label, percent] = /^(.*), (.*) % of volumes$/.exec(place) ?? [];
    const quantile = String(Number(percent) / 100);
    const delays = await row('delays.csv', { scenario: label, quantile });
    expect(delay).to.match(new RegExp(`^${delays['delay_s']} s`));
  });

  it('goes from number to number of a picture by keyboard', async () => {
    await page.locator('#last-pod .picture').focus();
    await page.keyboard.press('ArrowRight');
    const first = await page.locator('.hover').innerText();
    await page.keyboard.press('ArrowRight');
    expect(await page.locator('.hover').innerText()).to.not.equal(first);
    await page.keyboard.press('ArrowLeft');
    expect(await page.locator('.hover').innerText())
      .to.equal(first)
      .and.to.match(/, 50 %\nmean: [\d.]+ s/);
    await page.keyboard.press('Escape');
    expect(await page.locator('.hover').isVisible()).to.equal(false);
  });

  /** What a click saves. */
  async function saved(selector: string): Promise<{ readonly name: string; readonly bytes: Buffer }> {
    const [download] = await Promise.all([page.waitForEvent('download'), page.locator(selector).first().click()]);
    return { name: download.suggestedFilename(), bytes: await readFile(await download.path()) };
  }

  it('saves each picture as SVG, with its title, legend and colours, and as PNG', async () => {
    const svg = await saved('#stages .save button:text("SVG")');
    expect(svg.name).to.equal('stages.svg');
    const text = svg.bytes.toString('utf8');
    expect(text).to.contain('Where the time goes').and.to.contain('sync wait').and.to.contain('small, simulated');
    expect(text).to.not.contain('var(--');
    const png = await saved('#stages .save button:text("PNG")');
    expect(png.name).to.equal('stages.png');
    expect(png.bytes.subarray(1, 4).toString('latin1')).to.equal('PNG');
    expect(png.bytes.readUInt32BE(16)).to.equal(1760);
    const wave = await saved('#wave .save button');
    expect(wave.name).to.equal('wave.png');
  });

  it('holds its CSV files, byte by byte', async () => {
    for (const name of ['runs.csv', 'bounds.csv', 'columns.csv']) {
      const held = await saved(`#provenance a[href="${name}"]`);
      expect(held.name).to.equal(name);
      expect(held.bytes.toString('utf8')).to.equal(await result.read(name));
    }
  });

  it('has asked no network for anything, whatever was done with it', () => {
    expect(errors).to.deep.equal([]);
    expect(requests.filter((each) => !/^(?:data|blob):/.test(each))).to.deep.equal([url]);
  });

  it('moves the wave by keyboard, to the numbers of updates.csv', async () => {
    const slider = page.locator('#wave input[type=range]');
    const text = () => page.locator('#wave output').first().textContent();
    await slider.focus();
    await page.keyboard.press('Home');
    expect(await text()).to.contain('0.0 % of 80 volumes updated; 0 of 20 nodes complete');
    await page.keyboard.press('ArrowRight');
    expect(await slider.inputValue()).to.equal('1');
    await page.keyboard.press('End');
    expect(await text()).to.contain('100.0 % of 80 volumes updated; 20 of 20 nodes complete');
    const [header, ...rows] = (await result.read('updates.csv')).trimEnd().split('\n');
    const column = header.split(',').indexOf('time_to_100pct_s');
    const firstRuns = rows.filter((row) => row.includes('-r001,')).map((row) => Number(row.split(',')[column]));
    expect(await slider.getAttribute('aria-valuetext')).to.equal(`${Math.max(...firstRuns).toFixed(1)} s`);
  });

  it('plays and pauses with the button, by keyboard', async () => {
    const [slider, button] = [page.locator('#wave input[type=range]'), page.locator('#wave .controls button')];
    await slider.focus();
    await page.keyboard.press('Home');
    await button.press('Enter');
    expect(await button.textContent()).to.equal('Pause');
    while (Number(await slider.inputValue()) < 3) await page.waitForTimeout(50);
    await button.press('Space');
    expect(await button.textContent()).to.equal('Play');
  });

  it('colours the nodes: old at the start, new at the end', async () => {
    const colours = (key: string) =>
      page
        .locator('#wave input[type=range]')
        .press(key)
        .then(() =>
          page.evaluate<readonly number[]>(
            "[...document.querySelector('#wave canvas').getContext('2d').getImageData(2, 2, 1, 1).data]",
          ),
        );
    expect(await colours('Home')).to.deep.equal([0xc9, 0xd1, 0xd9, 255]);
    expect(await colours('End')).to.deep.equal([0x00, 0x69, 0x4c, 255]);
  });

  it('fits a telephone without scrolling sideways', async () => {
    await page.setViewportSize({ width: 390, height: 800 });
    expect(await page.evaluate<number>('document.documentElement.scrollWidth')).to.be.at.most(390);
  });

  it('has nothing that axe finds fault with, wide and narrow, light and dark', async () => {
    expect(await violationsOf(page)).to.deep.equal([]);
    await page.emulateMedia({ colorScheme: 'light' });
  });

  it('is printed without what only a screen can do', async () => {
    await page.emulateMedia({ media: 'print' });
    for (const selector of ['.save', 'nav', '.hover']) {
      expect(await page.locator(selector).first().isVisible(), selector).to.equal(false);
    }
    expect(await page.locator('.verdict').isVisible()).to.equal(true);
    expect((await page.pdf({ format: 'A4' })).length).to.be.above(20_000);
    await page.emulateMedia({ media: 'screen' });
  });

  it('gives verbs, stages and scenarios colours of their own, all with enough contrast, light and dark', async () => {
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme });
      const read = (name: string) =>
        page.evaluate<string>(`getComputedStyle(document.documentElement).getPropertyValue('--${name}').trim()`);
      const pageColour = await read('page');
      for (const name of ['ink', 'muted', 'link', 'good', 'bad', 'caution']) {
        expect(contrast(await read(name), pageColour), `${name}, ${colorScheme}`).to.be.at.least(4.5);
      }
      for (let series = 1; series <= 6; series++) {
        expect(contrast(await read(`series-${series}`), pageColour), `series ${series}`).to.be.at.least(3);
      }
      const seriesColours = await Promise.all([1, 2, 3, 4, 5, 6].map((series) => read(`series-${series}`)));
      for (const stage of [1, 2, 3]) {
        const colour = await read(`stage-${stage}`);
        expect(contrast(colour, pageColour), `stage ${stage}`).to.be.at.least(3);
        for (const other of seriesColours) expect(distance(colour, other), `stage ${stage}`).to.be.above(40);
      }
      const stageColours = await Promise.all([1, 2, 3].map((stage) => read(`stage-${stage}`)));
      for (const verb of VERBS) {
        const colour = await read(`verb-${verb}`);
        expect(contrast(colour, pageColour), verb).to.be.at.least(3);
        for (const other of [...seriesColours, ...stageColours]) expect(distance(colour, other), verb).to.be.above(40);
      }
    }
  });
});

/** Contrast ratio of two colours written #rrggbb (WCAG 2). */
function contrast(a: string, b: string): number {
  const [low, high] = [luminance(a), luminance(b)].sort((x, y) => x - y);
  return (high + 0.05) / (low + 0.05);
}

/** How far apart two colours are: their red, green and blue as a vector. */
function distance(a: string, b: string): number {
  return Math.hypot(...[1, 3, 5].map((at) => parseInt(a.slice(at, at + 2), 16) - parseInt(b.slice(at, at + 2), 16)));
}

function luminance(colour: string): number {
  const [red, green, blue] = [1, 3, 5].map((at) => {
    const value = parseInt(colour.slice(at, at + 2), 16) / 255;
    return value <= 0.03928 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}
