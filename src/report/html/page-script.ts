import { readFileSync } from 'node:fs';
import { packageFile } from '../../package-files.js';
import { Html } from './html.js';

/** A script of src/browser, compiled, as an element of the page. */
export function pageScript(name: 'wave-player' | 'page-tools'): Html {
  const file = packageFile(`dist/src/browser/${name}.js`);
  const script = readFileSync(file, 'utf8').replaceAll(/\n(?:\/\/# sourceMappingURL=.*|export \{\};)/g, '');
  return new Html(`<script type="module">\n${script}\n</script>`);
}
