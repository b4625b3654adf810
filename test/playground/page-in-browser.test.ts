import { expect } from 'chai';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Page } from 'playwright-core';
import { Workplace } from '../cli/command.js';
import { PlaygroundPage } from './playground-page.js';

const DUMP = fileURLToPath(new URL('../../../experiments/imported-rotation/cluster.json.gz', import.meta.url));
const KUBELET = fileURLToPath(new URL('../../../experiments/imported-rotation/kubelet.yaml', import.meta.url));

describe('the playground in a browser', function () {
  this.timeout(240_000);
  let playground: PlaygroundPage;
  let page: Page;
  let isOpen = false;

  before(async function () {
    const opened = await PlaygroundPage.open();
    if (opened === null) return this.skip();
    playground = opened;
    ({ page } = opened);
    isOpen = true;
  });
  after(async () => {
    if (isOpen) await playground.close();
  });

  /** The tables that the page holds are those of `secretsim run`, for the experiment that the page lets one copy. */
  async function expectFilesOfCommandLine(): Promise<void> {
    const { place } = playground;
    await place.write('copied.yaml', await playground.yaml());
    const run = ['run', 'copied.yaml', '--out', 'result', '--force', '--quiet', '--workers', '1'];
    const { code, err } = await place.call(run);
    expect(code, err).to.equal(0);
    for (const [name, text] of Object.entries(await playground.files())) {
      if (name === 'comparison.csv') continue; // It is what `compare` prints.
      if (name === 'playground.yaml') expect(text).to.equal(await playground.yaml());
      else expect(text, name).to.equal(await place.read(`result/${name}`));
    }
  }

  it('simulates 5,000 nodes as it opens, and says in how much time', async () => {
    expect(await playground.text('#headline')).to.match(/^Every pod has the new keys by [\d.]+ s\.$/);
    expect(await playground.text('#fact-bound')).to.match(
      /Watch [\d.]+ s \(bound\), half of them after [\d.]+ s; worst seen [\d.]+ s in 4 rotations/,
    );
    expect(await playground.text('#fact-overlap')).to.match(/keep the old credential valid for [\d.]+ s/);
    expect(await playground.text('#status')).to.match(
      /^5,000 nodes, 150,000 pods, 600,000 consumers: 4 runs simulated here in [\d.]+ s/,
    );
    for (const section of ['delay', 'stages', 'wave', 'rotation', 'load', 'watches'])
      expect(await page.locator(`#${section}`).count(), section).to.equal(1);
  });

  it('computes what the command line computes, byte for byte, under each strategy', async () => {
    await playground.choose('preset', 'kind-3');
    for (const strategy of ['Cache', 'Get', 'Watch']) {
      await playground.move(() => page.locator(`input[value=${strategy}]`).check());
      expect(await playground.text('#fact-bound')).to.contain(strategy);
      await expectFilesOfCommandLine();
    }
  });

  it('shows the numbers of its pictures where one points, and saves them', async () => {
    const last = page.locator('#delay circle').last();
    await last.scrollIntoViewIfNeeded();
    const { x, y } = (await last.boundingBox()) ?? { x: 0, y: 0 };
    await page.mouse.move(x, y);
    const [share, delay] = (await page.locator('.hover').innerText()).split('\n');
    expect(share).to.equal('Watch, 100 % of volumes');
    const [names, ...rows] = (await playground.files())['delays.csv']
      .trimEnd()
      .split('\n')
      .map((line) => line.split(','));
    const slowest = rows.find((cells) => cells[names.indexOf('quantile')] === '1') ?? [];
    expect(delay).to.match(new RegExp(`^${slowest[names.indexOf('delay_s')]} s`));
    const save = page.locator('#delay .save button').first();
    const [download] = await Promise.all([page.waitForEvent('download'), save.click()]);
    expect(download.suggestedFilename()).to.equal('delay.svg');
  });

  it('moves every knob, and the files stay those of the command line', async () => {
    await playground.move(() => page.locator('input[value=Cache]').check());
    await playground.fill('nodes', '20');
    await playground.fill('pods', '6');
    await playground.fill('replications', '2');
    await playground.move(() => page.locator('#sync').press('ArrowLeft'));
    await playground.choose('ttl', '15s');
    await playground.fill('qps', '7');
    await playground.fill('burst', '9');
    await playground.choose('release', '1.20');
    await playground.choose('compared', '1.27');
    await playground.fill('immutable', '50');
    await playground.fill('servers', '2');
    await playground.choose('restart', 'one');
    await playground.choose('refresh', '1m');
    await playground.choose('reload', '10s');
    await playground.fill('slo', 'max(last_pod_max_s) < 10m');
    await playground.fill('seed', '"quoted" # and: {odd}');
    await playground.choose('rotated', 'app-tls');
    const text = await playground.yaml();
    for (const part of [
      ...['nodes: 20', 'podsPerNode: 6', 'Strategy: Cache', 'syncFrequency: 30s', 'nodeTTL: 15s', 'kubeAPIQPS: 7'],
      ...['kubeAPIBurst: 9', '["1.27", "1.20"]', 'apiServers: 2', 'app-config, immutable: 0.5', 'servers: 1, downtime'],
      ...['refreshInterval: 1m', 'reloadInterval: 10s', '"max(last_pod_max_s) < 10m"'],
    ]) {
      expect(text).to.contain(part);
    }
    expect(await playground.text('#headline')).to.equal('✓ All SLOs are met.');
    expect(await playground.text('#fact-releases')).to.contain('1.27 → 1.20');
    await expectFilesOfCommandLine();
  });

  it('has its state in its address: a link shows the same', async () => {
    await playground.until("location.hash.includes('rotated=app-tls')");
    const link = new URL(page.url()).hash.slice(1);
    const before = await playground.files();
    await playground.go(link);
    expect(await playground.files()).to.deep.equal(before);
    await playground.go('preset=kind-3&strategy=Push');
    expect(await playground.text('#dumped')).to.contain("the link's strategy cannot be read");
  });

  it('pins a setting, and compares another one with it as `compare` does', async () => {
    await playground.go('preset=kind-3&replications=3');
    await playground.move(() => page.locator('#pin').click());
    expect(await playground.text('#pinned')).to.contain('Pinned: this setting');
    await playground.move(() => page.locator('input[value=Get]').check());
    expect(await playground.text('#pinned')).to.equal('Pinned → now: strategy Watch → Get.');
    expect(await playground.text('#headline')).to.match(/by [\d.]+ s \(pinned\), [\d.]+ s \(now\)\.$/);
    expect(await playground.text('#difference'))
      .to.contain('Difference to pinned')
      .and.to.contain('watches open');
    const held = await playground.files();
    const { place } = playground;
    for (const name of ['playground-pinned', 'playground']) {
      await place.write(`${name}.yaml`, held[`${name}.yaml`]);
      expect((await place.call(['run', `${name}.yaml`, '--out', name, '--quiet', '--workers', '1'])).code).to.equal(0);
    }
    const { out } = await place.call(['compare', 'playground-pinned', 'playground', '-o', 'csv']);
    expect(held['comparison.csv']).to.equal(out);
    for (const link of await page.locator('a[href$=".csv"]').all())
      expect(held).to.have.property((await link.getAttribute('href')) ?? '');
    await playground.until("location.hash.includes('~preset=kind-3')");
    await playground.move(() => page.locator('#swap').click());
    expect(await playground.text('#pinned')).to.equal('Pinned → now: strategy Get → Watch.');
    await playground.move(() => page.locator('#unpin').click());
    expect(await page.locator('#pinned').isVisible()).to.equal(false);
  });

  it('shows the last of many moves', async () => {
    await playground.choose('preset', 'own-5000');
    await page.locator('input[value=Get]').check();
    await page.waitForTimeout(100);
    await page.locator('input[value=Cache]').check();
    await page.waitForTimeout(100);
    await playground.choose('preset', 'kind-3');
    expect(await playground.text('#status')).to.match(/^3 nodes, 30 pods/);
  });

  it('takes a kubelet’s configuration and a dump of a cluster, and gives its topology to the command line', async () => {
    await playground.fill('replications', '1');
    await playground.move(() => page.locator('#dump').setInputFiles([KUBELET, DUMP]));
    expect(await playground.text('#kubelet')).to.match(/^Kubelet settings of kubelet\.yaml: Cache, syncFrequency 1m,/);
    expect(await playground.text('#dumped')).to.match(/^Shown: cluster\.json\.gz, 48 nodes, 648 pods\./);
    expect(await page.locator('#nodes').isVisible()).to.equal(false);
    expect(await playground.yaml())
      .to.contain('Strategy: Cache')
      .and.to.contain('kubeAPIQPS: 50');
    expect(await playground.text('#groups h2')).to.equal('Delays by namespace, owner and node pool');
    const saved = page.waitForEvent('download');
    await page.locator('#save-topology').click();
    await (await saved).saveAs(join(playground.place.path, 'cluster.topology.json'));
    await expectFilesOfCommandLine();
  });

  it('has nothing of a file in its address, and says what a link to a dump needs', async () => {
    await playground.until("location.hash.includes('preset=dumped')");
    const link = new URL(page.url()).hash.slice(1);
    const { namespaces, files } = await page.evaluate<{ namespaces: string[]; files: string[] }>(
      "({ namespaces: [...document.querySelector('#rotated').options].flatMap((each) => each.value.split('/')), files: ['cluster.json', 'kubelet.yaml'] })",
    );
    expect(namespaces).to.have.length.above(2);
    for (const name of [...namespaces, ...files]) expect(decodeURIComponent(link)).to.not.contain(name);
    const before = await playground.yaml();
    await playground.go(link);
    expect(await playground.text('#dumped')).to.contain('drop its dump here to see the same');
    expect(await playground.yaml()).to.contain('Strategy: Cache');
    await playground.move(() => page.locator('#dump').setInputFiles(DUMP));
    expect(await playground.yaml()).to.equal(before);
  });

  it('says what is wrong with a file that is no dump, and goes on', async () => {
    const file = { name: 'notes.json', mimeType: 'application/json', buffer: Buffer.from('{"kind": "Status"}') };
    await page.locator('#dump').setInputFiles(file);
    await page.locator('#problems:not([hidden])').waitFor();
    expect(await playground.text('#problems')).to.contain('notes.json: is an error answer of the API server');
    await playground.choose('preset', 'kind-3');
    expect(await page.locator('#problems').isVisible()).to.equal(false);
  });

  it('asks before it computes what takes long', async () => {
    await playground.choose('preset', 'own-100k');
    expect(await playground.text('#status')).to.match(/^This takes about \d+ s here/);
    expect(await page.locator('#run').isVisible()).to.equal(true);
    await playground.choose('preset', 'kind-3');
    expect(await page.locator('#run').isVisible()).to.equal(false);
    await playground.go('preset=own-100k');
    expect(await playground.text('#headline')).to.equal('Nothing is simulated yet.');
    expect(await playground.text('#status')).to.match(/^This takes about \d+ s here\.$/);
    await playground.go('preset=kind-3');
  });

  it('refuses a value that is out of range, and an SLO that is none', async () => {
    const before = await playground.yaml();
    for (const [knob, value, said] of [
      ['nodes', '0', 'Out of range. Nodes:'],
      ['slo', 'last_pod_max_s', 'Out of range. SLO:'],
    ]) {
      const was = await page.locator(`#${knob}`).inputValue();
      await page.locator(`#${knob}`).fill(value);
      await page.locator('#status', { hasText: said }).waitFor();
      expect(await playground.yaml()).to.equal(before);
      await page.locator(`#${knob}`).fill(was);
    }
    await playground.fill('nodes', '4');
  });

  it('copies the experiment, and the link', async () => {
    await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
    const copied = (): Promise<string> =>
      page.evaluate(() => (globalThis as unknown as Clipboards).navigator.clipboard.readText());
    await page.locator('#copy-text').click();
    await page.locator('#copied-text', { hasText: 'Copied.' }).waitFor();
    expect(await copied()).to.equal(await playground.yaml());
    await page.locator('#copy-link').click();
    await page.locator('#copied', { hasText: 'Copied.' }).waitFor();
    expect(await copied())
      .to.equal(page.url())
      .and.to.contain('nodes=4');
  });

  it('has the answer before the knobs on a telephone, and pictures that fit', async () => {
    await page.setViewportSize({ width: 390, height: 800 });
    const top = async (selector: string): Promise<number> => (await page.locator(selector).boundingBox())?.y ?? NaN;
    expect(await top('#headline')).to.be.below(250);
    expect(await top('#facts')).to.be.below(await top('#knobs'));
    await playground.until("document.querySelector('#load svg[role=img]').viewBox.baseVal.width < 390");
    const wide = await page.evaluate<readonly string[]>(
      "[document.documentElement, ...document.querySelectorAll('.picture')].filter((each) => each.scrollWidth > each.clientWidth).map((each) => each.closest('section')?.id ?? 'page')",
    );
    expect(wide).to.deep.equal([]);
  });

  it('had no error, and asked for nothing but itself and its workers', () => {
    expect(playground.errors).to.deep.equal([]);
    const asked = playground.requests.filter((each) => !each.startsWith('blob:')).map((each) => each.split('#')[0]);
    expect(new Set(asked)).to.deep.equal(new Set([playground.url]));
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
