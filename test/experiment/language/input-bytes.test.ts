import { expect } from 'chai';
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

  async function count(path: string): Promise<number> {
    let bytes = 0;
    for await (const piece of readBytes(path)) bytes += piece.length;
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
});
