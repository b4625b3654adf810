import { expect } from 'chai';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type { Browser, Page } from 'playwright-core';
import { METRICS } from '../../src/cluster/model/run-record.js';
import { startBrowser } from '../browser.js';
import { Workplace } from '../cli/command.js';

const DUMP = fileURLToPath(new URL('../../../experiments/imported-rotation/cluster.json.gz', import.meta.url));

describe('the playground in a browser', function () {
  this.timeout(120_000);
  let place: Workplace;
  let browser: Browser | null = null;
  let page: Page;
  let url: string;
  const errors: string[] = [];
  const requests: string[] = [];

  before(async function () {
    browser = await startBrowser();
    if (browser === null) return this.skip();
    place = await Workplace.make();
    const { code, out } = await place.run(['playground', '-f', 'page.html']);
    expect(code).to.equal(0);
    url = pathToFileURL(join(place.path, out.trim())).href;
    page = await browser.newPage({ acceptDownloads: true });
    page.on('console', (message) => errors.push(message.text()));
    page.on('pageerror', (error) => errors.push(error.message));
    page.on('request', (request) => requests.push(request.url()));
    await page.goto(url);
    await answered();
  });
  after(async () => {
    if (browser === null) return;
    await browser.close();
    await place.remove();
  });

  /** Waits until the page shows the answer to its YAML. */
  const answered = () => page.locator('#results[aria-busy=false]').waitFor();

  /** Moves a knob and waits for the answer. */
  async function move(change: () => Promise<unknown>): Promise<void> {
    const before = await yaml();
    await change();
    while ((await yaml()) === before) await page.waitForTimeout(10);
    await answered();
  }
  const yaml = () => page.locator('#text').inputValue();
  const preset = (name: string) => move(() => page.locator('#preset').selectOption(name));
  const sentence = async () => (await page.locator('#answer').textContent())?.trim() ?? '';

  /** The metrics that the page shows, as text, and the fingerprint. */
  async function shown(): Promise<Readonly<Record<string, string>>> {
    const rows = await page.locator('#metrics tbody tr').all();
    const cells = await Promise.all(rows.map((row) => row.locator('td').allTextContents()));
    const fingerprint = (await page.locator('#fingerprint').textContent()) ?? '';
    expect(cells.map(([metric]) => metric)).to.deep.equal(METRICS);
    return { ...Object.fromEntries(cells.map(([metric, value]) => [metric, value])), fingerprint };
  }

  /** The same from the files of `secretsim run`, for the experiment that the page lets one copy. */
  async function computed(): Promise<Readonly<Record<string, string>>> {
    await place.write('copied.yaml', await yaml());
    const { code, err } = await place.run(['run', 'copied.yaml', '--out', 'result', '--force', '--quiet']);
    expect(err).to.equal('');
    expect(code).to.equal(0);
    const [header, row] = (await place.read('result/runs.csv')).trimEnd().split('\n');
    const values = row.split(',');
    const metrics = header.split(',').map((name, index) => [name, values[index]] as const);
    const { runs } = JSON.parse(await place.read('result/manifest.json')) as { runs: { fingerprint: string }[] };
    const wanted = Object.keys(await shown());
    return {
      ...Object.fromEntries(metrics.filter(([name]) => wanted.includes(name))),
      fingerprint: runs[0].fingerprint,
    };
  }

  it('simulates 5,000 nodes as it opens, and says in how much time', async () => {
    expect(await sentence()).to.match(
      /^Watch: every pod has the new keys by [\d.]+ s \(bound\), half of them after [\d.]+ s; .*seen [\d.]+ s in .*90 s longest sync interval/s,
    );
    expect(await page.locator('#status').textContent()).to.match(
      /^5,000 nodes, 150,000 pods, 600,000 consumers: simulated here in [\d.]+ m?s\.$/,
    );
    for (const section of ['delay', 'wave', 'load'])
      expect(await page.locator(`#${section}`).count(), section).to.equal(1);
  });

  it('computes what the command line computes, to the last digit, under each strategy', async () => {
    await preset('small-100');
    for (const strategy of ['Cache', 'Get', 'Watch']) {
      await move(() => page.locator(`input[value=${strategy}]`).check());
      expect(await sentence()).to.match(new RegExp(`^${strategy}: `));
      expect(await shown()).to.deep.equal(await computed());
    }
  });

  it('shows the numbers of its pictures where one points, and saves them', async () => {
    const last = page.locator('#delay circle').last();
    await last.scrollIntoViewIfNeeded();
    const { x, y } = (await last.boundingBox()) ?? { x: 0, y: 0 };
    await page.mouse.move(x, y);
    const [share, delay] = (await page.locator('.hover').innerText()).split('\n');
    expect(share).to.equal('100 % of volumes');
    expect(Number(/^delay: (.*) s$/.exec(delay)?.[1])).to.be.closeTo(Number((await shown())['last_pod_max_s']), 0.5);
    const save = page.locator('#delay .save button').first();
    const [download] = await Promise.all([page.waitForEvent('download'), save.click()]);
    expect(download.suggestedFilename()).to.equal('delay.svg');
  });

  it('moves every knob, and the numbers stay those of the command line', async () => {
    await preset('kind-3');
    await move(() => page.locator('input[value=Cache]').check());
    await move(() => page.locator('#nodes').fill('40'));
    await move(() => page.locator('#pods').fill('12'));
    await move(() => page.locator('#sync').press('ArrowLeft'));
    await move(() => page.locator('#ttl').selectOption('15s'));
    await move(() => page.locator('#release').selectOption('1.20'));
    await move(() => page.locator('#immutable').fill('50'));
    await move(() => page.locator('#servers').fill('2'));
    await move(() => page.locator('#seed').fill('"quoted" # and: {odd}'));
    await move(() => page.locator('#rotated').selectOption('app-tls'));
    const text = await yaml();
    for (const part of ['nodes: 40', 'podsPerNode: 12', 'Strategy: Cache', 'syncFrequency: 30s', 'nodeTTL: 15s']) {
      expect(text).to.contain(part);
    }
    expect(text).to.contain('"1.20"').and.to.contain('apiServers: 2').and.to.contain('app-config, immutable: 0.5');
    expect(await shown()).to.deep.equal(await computed());
    // The kubelets of 1.20 send 5 requests a second, and a warning says that restarts wait for that.
    await move(() => page.locator('#release').selectOption('1.37'));
    await move(() => page.locator('#way').selectOption('restart'));
    expect(await yaml()).to.contain('rollout: { consumersOf: app-tls, after: 5s');
    expect(await shown()).to.deep.equal(await computed());
  });

  it('shows the last of many moves', async () => {
    await preset('own-5000');
    await page.locator('input[value=Get]').check();
    await page.waitForTimeout(100);
    await page.locator('input[value=Cache]').check();
    await page.waitForTimeout(100);
    await preset('kind-3');
    expect(await page.locator('#status').textContent()).to.match(/^3 nodes, 30 pods/);
  });

  it('takes a dump of a real cluster, gzip or not, and gives its topology to the command line', async () => {
    await move(() => page.locator('#dump').setInputFiles(DUMP));
    expect(await page.locator('#dumped').textContent()).to.match(/^Shown: cluster\.json\.gz, 48 nodes, 648 pods\./);
    expect(await page.locator('#nodes').isVisible()).to.equal(false);
    const saved = page.waitForEvent('download');
    await page.locator('#save-topology').click();
    await (await saved).saveAs(join(place.path, 'cluster.topology.json'));
    expect(await shown()).to.deep.equal(await computed());
  });

  it('says what is wrong with a file that is no dump, and goes on', async () => {
    const file = { name: 'notes.json', mimeType: 'application/json', buffer: Buffer.from('{"kind": "Status"}') };
    await page.locator('#dump').setInputFiles(file);
    await page.locator('#problems:not([hidden])').waitFor();
    expect(await page.locator('#problems').textContent()).to.contain(
      'notes.json: is an error answer of the API server',
    );
    await preset('kind-3');
    expect(await page.locator('#problems').isVisible()).to.equal(false);
  });

  it('asks before it computes what takes long', async () => {
    await move(() => page.locator('#preset').selectOption('own-100k'));
    expect(await page.locator('#status').textContent()).to.match(/^This takes about \d+ s here/);
    expect(await page.locator('#run').isVisible()).to.equal(true);
    await preset('kind-3');
    expect(await page.locator('#run').isVisible()).to.equal(false);
  });

  it('refuses a value that is out of range', async () => {
    const before = await yaml();
    await page.locator('#nodes').fill('0');
    await page.waitForTimeout(200);
    expect(await page.locator('#status').textContent()).to.contain('outside its range');
    expect(await yaml()).to.equal(before);
    await move(() => page.locator('#nodes').fill('4'));
  });

  it('copies the experiment', async () => {
    await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
    await page.locator('#copy-text').click();
    await page.locator('#copied', { hasText: 'Copied.' }).waitFor();
    expect(await page.evaluate(() => (globalThis as unknown as Clipboards).navigator.clipboard.readText())).to.equal(
      await yaml(),
    );
  });

  it('fits a telephone without scrolling sideways', async () => {
    await page.setViewportSize({ width: 390, height: 800 });
    expect(await page.locator('html').evaluate((html: { scrollWidth: number }) => html.scrollWidth)).to.be.at.most(390);
  });

  it('had no error, and asked for nothing but itself and its worker', () => {
    expect(errors).to.deep.equal([]);
    expect(requests.filter((each) => !each.startsWith('blob:'))).to.deep.equal([url]);
  });
});

interface Clipboards {
  readonly navigator: { readonly clipboard: { readText(): Promise<string> } };
}

describe('secretsim playground', () => {
  it('writes one page that refuses to ask any network', async () => {
    const place = await Workplace.make();
    const { code, out } = await place.run(['playground']);
    expect(out).to.equal('secretsim-playground.html\n');
    expect(code).to.equal(0);
    const html = await readFile(join(place.path, 'secretsim-playground.html'), 'utf8');
    expect(html).to.contain('default-src &#39;none&#39;');
    expect(html).not.to.match(/<(?:link|img|iframe)\b|<script[^>]*\bsrc=/);
    await place.remove();
  });

  it('says where a page cannot be written', async () => {
    const place = await Workplace.make();
    await place.write('file', 'no folder');
    const { code, err } = await place.run(['playground', '-f', 'file/page.html']);
    expect(err).to.contain('cannot write file/page.html');
    expect(code).to.equal(1);
    await place.remove();
  });
});
