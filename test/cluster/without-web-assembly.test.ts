import { expect } from 'chai';
import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { instanceOf } from '../../src/sim/web-assembly.js';
import { WATCH_LIVES } from '../../src/cluster/meters/watch-lives.wasm.js';

const SCRIPT = fileURLToPath(new URL('watch-records.js', import.meta.url));
const WITHOUT = '--import=data:text/javascript,delete globalThis.WebAssembly';

const recordsOf = (...options: readonly string[]): string =>
  execFileSync(process.execPath, [...options, SCRIPT], { encoding: 'utf8', maxBuffer: 2 ** 28 });

describe('a host without WebAssembly', () => {
  it('gets the same records as one with it, to the last digit', function () {
    this.timeout(60_000);
    expect(instanceOf(WATCH_LIVES), 'this host has WebAssembly with SIMD').not.to.equal(null);
    const records = recordsOf();
    expect((JSON.parse(records) as unknown[]).length).to.be.above(10);
    expect(recordsOf(WITHOUT) === records, 'the same').to.equal(true);
  });
});
