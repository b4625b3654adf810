import { expect } from 'chai';
import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { instanceOf } from '../../src/sim/web-assembly.js';
import { WATCH_LIVES } from '../../src/cluster/meters/watch-lives.wasm.js';

const SCRIPTS = ['watch-records.js', 'read-records.js'];
const WITHOUT = '--import=data:text/javascript,delete globalThis.WebAssembly';

const recordsOf = (script: string, ...options: readonly string[]): string => {
  const path = fileURLToPath(new URL(script, import.meta.url));
  return execFileSync(process.execPath, [...options, path], { encoding: 'utf8', maxBuffer: 2 ** 28 });
};

describe('a host without WebAssembly', () => {
  it('gets the same records as one with it, to the last digit', function () {
    this.timeout(60_000);
    expect(instanceOf(WATCH_LIVES), 'this host has WebAssembly with SIMD').not.to.equal(null);
    for (const script of SCRIPTS) {
      const records = recordsOf(script);
      expect((JSON.parse(records) as unknown[]).length).to.be.above(10);
      expect(recordsOf(script, WITHOUT) === records, `the same of ${script}`).to.equal(true);
    }
  });
});
