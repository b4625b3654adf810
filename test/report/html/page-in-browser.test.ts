import { expect } from 'chai';
import { pathToFileURL } from 'node:url';
import type { Browser, Page } from 'playwright-core';
import { writeReportPage } from '../../../src/report/html/report.js';
import { startBrowser } from '../../browser.js';
import { smallResult, type SmallResult } from './small-result.js';

describe('the report in a browser', function () {
  this.timeout(60_000);
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
    page = await browser.newPage();
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
    const [slider, button] = [page.locator('#wave input[type=range]'), page.locator('#wave button')];
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

  it('has text with enough contrast, light and dark', async () => {
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
    }
  });
});

/** Contrast ratio of two colours written #rrggbb (WCAG 2). */
function contrast(a: string, b: string): number {
  const [low, high] = [luminance(a), luminance(b)].sort((x, y) => x - y);
  return (high + 0.05) / (low + 0.05);
}

function luminance(colour: string): number {
  const [red, green, blue] = [1, 3, 5].map((at) => {
    const value = parseInt(colour.slice(at, at + 2), 16) / 255;
    return value <= 0.03928 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}
