import { readFileSync } from 'node:fs';
import { packageFile } from '../../package-files.js';
import { Html } from './html.js';

/** A script of src/browser, bundled, as an element of the page. */
export function pageScript(name: 'wave-player' | 'page-tools'): Html {
  const script = readFileSync(packageFile(`dist/pages/${name}.js`), 'utf8');
  return new Html(`<script type="module">\n${script}</script>`);
}
