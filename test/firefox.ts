import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

/** Where Debian and others put the browser. */
const BROWSERS = ['/usr/bin/firefox-esr', '/usr/bin/firefox'];
const ARGUMENTS = ['--headless', '--no-remote', '--marionette', '--remote-allow-system-access', '--profile'];
const PREFERENCES = 'user_pref("marionette.port", 0);\n';

/** What the browser's own scripts can be asked of errors of a page. */
const ERRORS = `return Services.console.getMessageArray()
  .filter((each) => each instanceof Ci.nsIScriptError && each.sourceName.startsWith(arguments[0]))
  .map((each) => each.errorMessage);`;

/**
 * Firefox as Debian has it, driven by Marionette, its own protocol: length, colon, JSON. (playwright-core drives a Firefox
 * of its own, or one that knows more of WebDriver BiDi.)
 */
export class Firefox {
  private received = Buffer.alloc(0);
  private readonly waiting: ((reply: readonly unknown[]) => void)[] = [];
  private sent = 0;

  private constructor(
    private readonly process: ChildProcess,
    private readonly socket: Socket,
    private readonly profile: string,
  ) {
    socket.on('data', (bytes) => this.take(bytes));
  }

  /** Starts it without a window; null, with a message, where there is none. */
  static async start(): Promise<Firefox | null> {
    const path = process.env['FIREFOX'] ?? BROWSERS.find((each) => existsSync(each));
    if (path === undefined) {
      console.warn('    no Firefox here (apt-get install firefox-esr, or FIREFOX=path): pages are not tested in it');
      return null;
    }
    const profile = await mkdtemp(join(tmpdir(), 'secretsim-firefox-'));
    await writeFile(join(profile, 'user.js'), PREFERENCES);
    const child = spawn(path, [...ARGUMENTS, profile], { stdio: 'ignore', env: { ...process.env, HOME: profile } });
    const port = Number(await contentOf(join(profile, 'MarionetteActivePort')));
    const firefox = new Firefox(child, connect(port, '127.0.0.1'), profile);
    await new Promise<void>((resolve) => firefox.waiting.push(() => resolve())); // It introduces itself.
    await firefox.call('WebDriver:NewSession', {});
    return firefox;
  }

  async open(url: string): Promise<void> {
    await this.call('WebDriver:Navigate', { url });
  }

  /** What a function body returns in the page. */
  async run(script: string): Promise<unknown> {
    const { value } = (await this.call('WebDriver:ExecuteScript', { script, args: [] })) as { readonly value: unknown };
    return value;
  }

  /** Waits until a function body returns true in the page. */
  async until(script: string): Promise<void> {
    while ((await this.run(script)) !== true) await sleep(50);
  }

  /** Errors and warnings of the scripts of a page. */
  async errorsOf(url: string): Promise<unknown> {
    await this.call('Marionette:SetContext', { value: 'chrome' });
    const { value } = (await this.call('WebDriver:ExecuteScript', { script: ERRORS, args: [url] })) as {
      readonly value: unknown;
    };
    await this.call('Marionette:SetContext', { value: 'content' });
    return value;
  }

  async close(): Promise<void> {
    const gone = new Promise((resolve) => this.process.once('exit', resolve));
    this.process.kill();
    await gone;
    this.socket.destroy();
    await rm(this.profile, { recursive: true });
  }

  private async call(command: string, parameters: object): Promise<unknown> {
    const message = JSON.stringify([0, ++this.sent, command, parameters]);
    const reply = new Promise<readonly unknown[]>((resolve) => this.waiting.push(resolve));
    this.socket.write(`${Buffer.byteLength(message)}:${message}`);
    const [, , error, result] = await reply;
    if (error !== null) throw new Error(`${command}: ${JSON.stringify(error)}`);
    return result;
  }

  private take(bytes: Buffer): void {
    this.received = Buffer.concat([this.received, bytes]);
    for (;;) {
      const colon = this.received.indexOf(':');
      const end = colon + 1 + Number(this.received.toString('latin1', 0, Math.max(0, colon)));
      if (colon < 0 || this.received.length < end) return;
      const reply = JSON.parse(this.received.toString('utf8', colon + 1, end)) as readonly unknown[];
      this.received = this.received.subarray(end);
      this.waiting.shift()?.(reply);
    }
  }
}

/** The content of a file that is about to be written. */
async function contentOf(path: string): Promise<string> {
  for (;;) {
    const text = await readFile(path, 'utf8').catch(() => '');
    if (text !== '') return text;
    await sleep(50);
  }
}
