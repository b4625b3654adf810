import { expect } from 'chai';
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const SCRIPT = fileURLToPath(new URL('../../test/unit.js', import.meta.url));

/**
 * What `npm run test:unit --` does with arguments: its exit code and all that it says. It compiles nothing, because other
 * tests are using what is compiled.
 */
function unit(...args: string[]): { readonly status: number | null; readonly output: string } {
  const { status, stdout, stderr } = spawnSync(process.execPath, [SCRIPT, '--compiled', ...args], { encoding: 'utf8' });
  return { status, output: stdout + stderr };
}

describe('npm run test:unit', () => {
  it('runs one test file, named by its source', () => {
    const { status, output } = unit('test/sim/fingerprint.test.ts');
    expect(status, output).to.equal(0);
    expect(output).to.match(/^[1-9]\d* passed, 0 failed, 0 skipped$/m);
  });

  it('hands options on to mocha', () => {
    const { status, output } = unit('test/sim/fingerprint.test.ts', '--grep=no title is like this one');
    expect(status, output).to.equal(0);
    expect(output).to.match(/^0 passed, 0 failed, 0 skipped$/m);
  });

  it('refuses what is no test, and says how a test is named', () => {
    for (const args of [[], ['test/no-such.test.ts'], ['src/sim/random.ts'], ['dist/test/sim/fingerprint.test.js']]) {
      const { status, output } = unit(...args);
      expect(status, args.join(' ')).to.equal(2);
      expect(output).to.include('usage: npm run test:unit -- test/').and.not.include('    at ');
    }
  });
});
