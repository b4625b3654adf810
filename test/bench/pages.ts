import { median } from 'd3-array';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { gzipSync } from 'node:zlib';
import type { Browser } from 'playwright-core';
import { writePlayground } from '../../src/playground/write-playground.js';
import { buildReport } from '../../src/report/html/report.js';
import { readResults } from '../../src/report/read/result-data.js';
import { startBrowser } from '../browser.js';
import { REPETITIONS } from './fresh-process.js';

/** Figures of a page as Lighthouse has them. Times from the beginning of its loading, milliseconds. */
interface PageFigures {
  /** Requests to anything but the page itself and what it holds. */
  readonly requests: number;
  readonly firstPaintMs: number;
  /** Until the answer can be read for the first time; of a report that is its first paint. */
  readonly answerMs: number;
  /** Until all runs are in and all pictures are drawn. */
  readonly wholeMs: number;
  /** Cumulative layout shift: by how much what is read moves away. Up to 0.1 is good. */
  readonly layoutShift: number;
}

/** Notes what moves by itself; the page's own policy does not concern it. */
const OBSERVE_SHIFTS = `globalThis.shifts = 0;
new PerformanceObserver((list) => {
  for (const { value, hadRecentInput } of list.getEntries()) if (!hadRecentInput) globalThis.shifts += value;
}).observe({ type: 'layout-shift', buffered: true });`;

const FIGURES = `({
  firstPaintMs: performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? NaN,
  answerMs: performance.getEntriesByName('answer')[0]?.startTime ?? NaN,
  layoutShift: globalThis.shifts,
  wholeMs: performance.now(),
})`;

/** Opens a page in a fresh context and waits until it is ready. */
async function figuresOf(browser: Browser, url: string, ready: string): Promise<PageFigures> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 } });
  const page = await context.newPage();
  let requests = 0;
  page.on(
    'request',
    (request) => (requests += Number(!/^(?:blob|data):/.test(request.url()) && request.url() !== url)),
  );
  await page.addInitScript(OBSERVE_SHIFTS);
  await page.goto(url);
  await page.locator(ready).first().waitFor({ timeout: 300_000 });
  const { answerMs, ...figures } = await page.evaluate<Omit<PageFigures, 'requests'>>(FIGURES);
  await context.close();
  return { requests, ...figures, answerMs: Number.isNaN(answerMs) ? figures.firstPaintMs : answerMs };
}

/** Bytes, requests, times and layout shifts of the pages; nothing where there is no browser. */
export async function reportPages(): Promise<void> {
  const browser = await startBrowser();
  if (browser === null) return;
  const folder = await mkdtemp(join(tmpdir(), 'secretsim-pages-'));
  const [playground, report] = ['playground.html', 'report.html'].map((name) => join(folder, name));
  await writePlayground(playground);
  const result = fileURLToPath(new URL('../../../results/imported-rotation', import.meta.url));
  await writeFile(report, await buildReport(await readResults(result), { runs: 0 }));
  console.log('\npages in Chromium: bytes (compressed), requests, first paint, first answer, all of it, layout shift');
  for (const { name, path, ready } of [
    { name: 'playground, 5,000 nodes', path: playground, ready: '#answer[aria-busy=false]' },
    { name: 'report of imported-rotation', path: report, ready: '.verdict' },
  ]) {
    const bytes = await readFile(path);
    const all: PageFigures[] = [];
    for (let i = 0; i < REPETITIONS; i++) all.push(await figuresOf(browser, pathToFileURL(path).href, ready));
    const of = (key: keyof PageFigures): number => median(all, (figures) => figures[key]) ?? NaN;
    const kilobytes = [bytes, gzipSync(bytes)].map(({ length }) => (length / 1000).toFixed(0));
    console.log(
      `  ${name.padEnd(30)} ${kilobytes[0]} kB (${kilobytes[1]} kB)  ${of('requests')} requests  ` +
        `${of('firstPaintMs').toFixed(0)} ms  ${of('answerMs').toFixed(0)} ms  ${of('wholeMs').toFixed(0)} ms  ` +
        `shift ${of('layoutShift').toFixed(3)}`,
    );
  }
  await browser.close();
  await rm(folder, { recursive: true });
}
