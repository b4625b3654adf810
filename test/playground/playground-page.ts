import { expect } from 'chai';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Browser, Page } from 'playwright-core';
import { startBrowser } from '../browser.js';
import { Workplace } from '../cli/command.js';

/** The built playground, open in a browser. */
export class PlaygroundPage {
  private constructor(
    readonly place: Workplace,
    private readonly browser: Browser,
    readonly page: Page,
    readonly url: string,
    /** What the page said on its console, and what it asked the network for. */
    readonly errors: readonly string[],
    readonly requests: readonly string[],
  ) {}

  /** Opens it; null where there is no browser. `link`: the part of the address behind `#`. */
  static async open(link = ''): Promise<PlaygroundPage | null> {
    const browser = await startBrowser();
    if (browser === null) return null;
    const place = await Workplace.make();
    const { code, out } = await place.run(['playground', '-f', 'page.html']);
    expect(code).to.equal(0);
    const url = pathToFileURL(join(place.path, out.trim())).href;
    const page = await browser.newPage({ acceptDownloads: true });
    const [errors, requests]: [string[], string[]] = [[], []];
    page.on('console', (message) => errors.push(message.text()));
    page.on('pageerror', (error) => errors.push(error.message));
    page.on('request', (request) => requests.push(request.url()));
    const opened = new PlaygroundPage(place, browser, page, url, errors, requests);
    await opened.go(link);
    return opened;
  }

  async close(): Promise<void> {
    await this.browser.close();
    await this.place.remove();
  }

  /** Opens a link anew, and waits for its answer. */
  async go(link: string): Promise<void> {
    await this.page.goto('about:blank');
    await this.page.goto(link === '' ? this.url : `${this.url}#${link}`);
    await this.answered();
  }

  /** Waits until the page shows the answer to its YAML, all pictures drawn. */
  answered(): Promise<void> {
    return this.page.locator('#answer[aria-busy=false]').waitFor({ timeout: 200_000 });
  }

  /** Moves a knob and waits for the answer. */
  async move(change: () => Promise<unknown>): Promise<void> {
    const before = await this.question();
    await change();
    while ((await this.question()) === before) await this.page.waitForTimeout(10);
    await this.answered();
  }

  choose(knob: string, value: string): Promise<void> {
    return this.move(() => this.page.locator(`#${knob}`).selectOption(value));
  }

  fill(knob: string, value: string): Promise<void> {
    return this.move(() => this.page.locator(`#${knob}`).fill(value));
  }

  yaml(): Promise<string> {
    return this.page.locator('#text').inputValue();
  }

  /** The text of an element, blanks made one. */
  async text(selector: string): Promise<string> {
    return ((await this.page.locator(selector).textContent()) ?? '').replaceAll(/\s+/g, ' ').trim();
  }

  /** Waits until an expression holds in the page. Its own policy forbids the page to compile one, and so `waitForFunction`. */
  async until(expression: string): Promise<void> {
    while (!(await this.page.evaluate<boolean>(expression))) await this.page.waitForTimeout(20);
  }

  /** The files that the page holds, by name. */
  async files(): Promise<Readonly<Record<string, string>>> {
    return this.page.evaluate<Record<string, string>>(
      "Object.fromEntries([...document.querySelectorAll('#files script')].map((each) => [each.dataset.file, JSON.parse(each.textContent)]))",
    );
  }

  /** What is asked: of a pinned setting, too. */
  private async question(): Promise<string> {
    return `${await this.yaml()}${await this.text('#pinned')}`;
  }
}
