import { existsSync } from 'node:fs';
import { type Browser, chromium } from 'playwright-core';

/** Where Debian and others put the browser. */
const BROWSERS = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];

/** A headless browser; null, with a message, where there is none. */
export async function startBrowser(): Promise<Browser | null> {
  const executablePath = process.env['CHROMIUM'] ?? BROWSERS.find((path) => existsSync(path));
  if (executablePath === undefined) {
    console.warn(
      '    no Chromium here (apt-get install chromium, or CHROMIUM=path): pages are not tested in a browser',
    );
    return null;
  }
  return chromium.launch({ executablePath, args: ['--no-sandbox'] });
}
