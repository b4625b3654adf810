/* `npm run screenshots [-- FOLDER]`: the pictures of the README and of docs/, from the built pages in a headless browser. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type { Browser, Page } from 'playwright-core';
import { writePlayground } from '../../src/playground/write-playground.js';
import { buildReport } from '../../src/report/html/report.js';
import type { ReplayOptions } from '../../src/report/html/wave/replay.js';
import { readResults } from '../../src/report/read/result-data.js';
import { startBrowser } from '../browser.js';
import { validationPage } from './validation-picture.js';

const ROOT = fileURLToPath(new URL('../../../', import.meta.url));

/** A picture of a page: of what is seen first, or of one section. */
interface Shot {
  readonly name: string;
  /** File of the page, in a folder that is removed later. */
  readonly page: (folder: string) => Promise<string>;
  readonly width: number;
  readonly height: number;
  /** What the page shows when it is ready. */
  readonly ready: string;
  /** Selector of the section; of all that is seen where there is none. */
  readonly section?: string;
}

/** Part of a page, CSS pixels. */
interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** The page's own margin. */
const AROUND_PX = 16;

/** The report of a result, written beside no result. */
async function reportOf(result: string, folder: string, options: ReplayOptions): Promise<string> {
  const path = join(folder, `${result}.html`);
  await writeFile(path, await buildReport(await readResults(join(ROOT, 'results', result)), options));
  return path;
}

const rotationReport = (folder: string): Promise<string> =>
  reportOf('imported-rotation', folder, { experiment: [join(ROOT, 'experiments/imported-rotation/experiment.yaml')] });

/** The first of the twenty questions, and of the statistics: one rotation under each strategy. */
const strategiesReport = (folder: string): Promise<string> => reportOf('sig-5000-strategies', folder, { runs: 0 });

const SHOTS: readonly Shot[] = [
  {
    name: 'playground.png',
    page: async (folder) => {
      const path = join(folder, 'playground.html');
      await writePlayground(path);
      return path;
    },
    width: 1280,
    height: 860,
    ready: '#answer[aria-busy=false]',
  },
  { name: 'report.png', page: rotationReport, width: 1280, height: 860, ready: '.verdict' },
  { name: 'wave.png', page: rotationReport, width: 1120, height: 860, ready: '#wave canvas', section: '#wave' },
  { name: 'delays.png', page: strategiesReport, width: 960, height: 860, ready: '#delay svg', section: '#delay' },
  {
    name: 'last-pod.png',
    page: strategiesReport,
    width: 960,
    height: 860,
    ready: '#last-pod svg',
    section: '#last-pod',
  },
  {
    name: 'validation.png',
    page: async (folder) => {
      const path = join(folder, 'validation.html');
      await writeFile(path, await validationPage());
      return path;
    },
    width: 960,
    height: 860,
    ready: 'svg[role=img]',
    section: '#real-cluster',
  },
  {
    name: 'releases.png',
    page: (folder) => reportOf('releases', folder, { runs: 0 }),
    width: 960,
    height: 860,
    ready: '#by-release svg',
    section: '#by-release',
  },
];

/** Takes a picture, in light colours. A page that says anything on its console, or asks the network, is not shown. */
async function take(browser: Browser, shot: Shot, folder: string, target: string): Promise<void> {
  const { width, height, ready, section } = shot;
  const page = await browser.newPage({ viewport: { width, height }, colorScheme: 'light' });
  const refuse = watchOver(page);
  await page.goto(pathToFileURL(await shot.page(folder)).href);
  await page.locator(ready).first().waitFor({ timeout: 300_000 });
  const path = join(target, shot.name);
  const clip = section === undefined ? undefined : await aroundOf(page, section);
  await page.screenshot({ path, animations: 'disabled', ...(clip === undefined ? {} : { clip, fullPage: true }) });
  refuse();
  await page.close();
  console.log(path);
}

/** A section with some of the page around it: words and lines begin at its edge. */
async function aroundOf(page: Page, section: string): Promise<Box> {
  const { x, y, width, height } = await page.evaluate<Box>(
    `(({ x, y, width, height }) => ({ x: x + scrollX, y: y + scrollY, width, height }))(document.querySelector('${section}').getBoundingClientRect())`,
  );
  return { x: x - AROUND_PX, y: y - AROUND_PX, width: width + 2 * AROUND_PX, height: height + 2 * AROUND_PX };
}

/** @returns throws where the page has misbehaved meanwhile */
function watchOver(page: Page): () => void {
  const said: string[] = [];
  page.on('console', (message) => said.push(message.text()));
  page.on('pageerror', ({ message }) => said.push(message));
  page.on('request', (request) => {
    if (!/^(?:file|blob|data):/.test(request.url())) said.push(`asks for ${request.url()}`);
  });
  return () => {
    if (said.length > 0) throw new Error(said.join('\n'));
  };
}

const [target = join(ROOT, 'results')] = process.argv.slice(2);
const browser = await startBrowser();
if (browser === null) {
  process.exitCode = 1;
} else {
  const folder = await mkdtemp(join(tmpdir(), 'secretsim-screenshots-'));
  try {
    for (const shot of SHOTS) await take(browser, shot, folder, target);
  } finally {
    await browser.close();
    await rm(folder, { recursive: true });
  }
}
