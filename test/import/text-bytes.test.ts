import { expect } from 'chai';
import fc from 'fast-check';
import { base64Bytes, utf8Bytes } from '../../src/import/text-bytes.js';
import { anyText } from '../any-text.js';

describe('bytes of a text', () => {
  it('are those of its UTF-8', () => {
    fc.assert(
      fc.property(anyText(), (text) => {
        expect(utf8Bytes(text)).to.equal(Buffer.byteLength(text));
      }),
    );
  });

  it('are those that its base64 stands for', () => {
    fc.assert(
      fc.property(fc.uint8Array(), (bytes) => {
        expect(base64Bytes(Buffer.from(bytes).toString('base64'))).to.equal(bytes.length);
      }),
    );
  });

  it('are what Node.js counts, also where padding is missing or too much', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[A-Za-z0-9+/=]*$/), (text) => {
        expect(base64Bytes(text)).to.equal(Buffer.byteLength(text, 'base64'));
      }),
    );
  });
});
