import { expect } from 'chai';
import type { Page } from 'playwright-core';
import { violationsOf } from '../accessibility.js';
import { PlaygroundPage } from './playground-page.js';

/** What is pressed, or typed, on each knob. The preset is not moved: all others would follow it. */
const KEYS: Readonly<Record<string, string>> = {
  rotated: 'ArrowDown',
  way: 'ArrowDown',
  refresh: 'ArrowDown',
  reload: 'ArrowDown',
  strategy: 'ArrowRight',
  sync: 'ArrowLeft',
  ttl: 'ArrowDown',
  qps: 'ArrowUp',
  burst: 'ArrowUp',
  nodes: 'ArrowUp',
  'nodes-slide': 'ArrowRight',
  pods: 'ArrowUp',
  'pods-slide': 'ArrowRight',
  immutable: 'ArrowRight',
  release: 'ArrowDown',
  compared: 'ArrowDown',
  servers: 'ArrowUp',
  restart: 'ArrowDown',
  slo: 'max(last_pod_max_s) < 10m',
  replications: 'ArrowUp',
  seed: '7',
};

describe('the playground for everyone', function () {
  this.timeout(240_000);
  let playground: PlaygroundPage;
  let page: Page;
  let isOpen = false;

  before(async function () {
    const opened = await PlaygroundPage.open('preset=kind-3&replications=1');
    if (opened === null) return this.skip();
    playground = opened;
    ({ page } = opened);
    isOpen = true;
  });
  after(async () => {
    if (isOpen) await playground.close();
  });

  /** The id of what has the focus; of radio buttons their name, of links their file, of what has neither its tag. */
  const focused = (): Promise<string> =>
    page.evaluate<string>(
      "((each) => each.name || each.id || each.getAttribute('href') || each.tagName)(document.activeElement)",
    );

  /** Goes on with the tabulator until what is wanted has the focus. */
  async function tabTo(wanted: string): Promise<void> {
    for (let steps = 0; (await focused()) !== wanted; steps++) {
      expect(steps, `no way to ${wanted}`).to.be.below(200);
      await page.keyboard.press('Tab');
    }
  }

  it('can be worked with the keyboard alone: every knob, in the order of the page', async () => {
    await page.keyboard.press('Tab');
    for (const [knob, keys] of Object.entries(KEYS)) {
      await tabTo(knob);
      if (/^Arrow/.test(keys)) await page.keyboard.press(keys);
      else await page.keyboard.type(keys);
    }
    await playground.until("location.hash.includes('seed=7')");
    await playground.answered();
    const link = new URLSearchParams(new URL(page.url()).hash.slice(1));
    expect([...link.keys()].sort()).to.deep.equal([
      ...['apiServers', 'comparedRelease', 'immutableShare', 'kubeAPIBurst', 'kubeAPIQPS', 'nodeTTL', 'nodes'],
      ...['podsPerNode', 'preset', 'refreshInterval', 'release', 'reloadInterval', 'replications', 'restart'],
      ...['rotated', 'seed', 'slo', 'strategy', 'syncFrequency', 'way'],
    ]);
    expect(await playground.text('#headline')).to.contain('All SLOs are met');
  });

  it('pins, takes a link and saves files with the keyboard alone, and says each time what happened', async () => {
    await tabTo('playground.yaml');
    const download = page.waitForEvent('download');
    await page.keyboard.press('Enter');
    expect((await download).suggestedFilename()).to.equal('playground.yaml');
    await page.evaluate('document.activeElement.blur()');
    await tabTo('pin');
    await playground.move(() => page.keyboard.press('Enter'));
    expect(await playground.text('#pinned')).to.contain('Pinned: this setting');
    await tabTo('unpin');
    await playground.move(() => page.keyboard.press('Enter'));
    expect(await focused()).to.equal('pin');
    for (const [id, role] of [
      ['status', 'status'],
      ['problems', 'alert'],
      ['copied', 'status'],
    ])
      expect(await page.locator(`#${id}`).getAttribute('role')).to.equal(role);
    expect(await page.locator('#headline').getAttribute('aria-live')).to.equal('polite');
  });

  it('goes from number to number of a picture with the arrows', async () => {
    await page.locator('#stages .picture').last().focus();
    await page.keyboard.press('ArrowRight');
    expect(await page.locator('.hover').innerText()).to.match(/\n?.*: [\d.]+ s$/);
    await page.keyboard.press('Escape');
    expect(await page.locator('.hover').isVisible()).to.equal(false);
  });

  it('has nothing that axe finds fault with, wide and narrow, light and dark', async () => {
    await playground.go('preset=kind-3&replications=1&slo=last_pod_max_s+%3C+60s~preset=kind-3&strategy=Get');
    // Pictures are drawn anew where the page gets wider or narrower.
    const settled = () =>
      playground.until(
        "Math.abs(document.querySelector('#load svg[role=img]').viewBox.baseVal.width - document.querySelector('#pictures').clientWidth) < 30",
      );
    expect(await violationsOf(page, settled)).to.deep.equal([]);
    expect(playground.errors).to.deep.equal([]);
  });
});
