import { expect } from 'chai';
import { spawnSync } from 'node:child_process';
import { gzipSync } from 'node:zlib';
import { readBytes } from '../../../src/experiment/language/input-bytes.js';
import { inputError, TestFolder } from '../../import/kubernetes.js';

const MIB = 2 ** 20;

describe('the bytes of an input', () => {
  let folder: TestFolder;
  beforeEach(async () => {
    folder = await TestFolder.create();
  });
  afterEach(() => folder.remove());

  async function count(path: string, allowed?: number): Promise<number> {
    let bytes = 0;
    for await (const piece of readBytes(path, allowed)) bytes += piece.length;
    return bytes;
  }

  it('are as many as a dump may have: what unpacks to hundreds of times its size is none', async () => {
    const member = gzipSync(Buffer.alloc(MIB));
    const small = await folder.write('small.gz', Buffer.concat(Array.from({ length: 100 }, () => member)));
    expect(await count(small)).to.equal(100 * MIB);
    const bomb = await folder.write('bomb.gz', Buffer.concat(Array.from({ length: 300 }, () => member)));
    expect(await inputError(() => count(bomb))).to.equal(
      `${bomb}: unpacks to more than 250 times its size: no dump does`,
    );
  });

  it('are bounded in all, on standard input as in a file, and packed ones as they unpack', async () => {
    const allowed = 2 ** 20;
    const module = new URL('../../../src/experiment/language/input-bytes.js', import.meta.url).href;
    const reading = `import { readBytes } from '${module}';
      let bytes = 0;
      try {
        for await (const piece of readBytes(process.argv[1], ${allowed})) bytes += piece.length;
        console.log(String(bytes));
      } catch (error) { console.log(error.message); }`;
    for (const [bytes, content] of [
      [allowed, Buffer.alloc(allowed)],
      [allowed, gzipSync(Buffer.alloc(allowed))],
      [allowed + 1, Buffer.alloc(allowed + 1)],
      [allowed + 1, gzipSync(Buffer.alloc(allowed + 1))],
    ] as const) {
      const file = await folder.write('dump', content);
      const args = ['--input-type=module', '-e', reading, '--', '-'];
      const { stdout } = spawnSync(process.execPath, args, { input: content, encoding: 'utf8' });
      if (bytes === allowed) {
        expect(await count(file, allowed)).to.equal(allowed);
        expect(stdout.trim()).to.equal(String(allowed));
      } else {
        const told = `is larger than ${allowed / 2 ** 30} GiB, more than any cluster has: give only what is asked for`;
        expect(await inputError(() => count(file, allowed))).to.equal(`${file}: ${told}`);
        expect(stdout.trim()).to.equal(`<stdin>: ${told}`);
      }
    }
  });
});
