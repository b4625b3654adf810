import { expect } from 'chai';
import fc from 'fast-check';
import { formatPath, parsePath } from '../../../../src/experiment/language/values/path-text.js';

function names(text: string): readonly string[] | undefined {
  const result = parsePath(text);
  return result.ok ? result.value : undefined;
}

describe('paths', () => {
  it('are names joined by dots', () => {
    expect(names('cluster.nodes')).to.deep.equal(['cluster', 'nodes']);
    expect(names('timeline.0.at')).to.deep.equal(['timeline', '0', 'at']);
    expect(names('timeline[0].at')).to.deep.equal(['timeline', '0', 'at']);
  });

  it('have brackets around a name that contains dots', () => {
    const expected = ['objects', 'kube-root-ca.crt', 'immutable'];
    expect(names('objects["kube-root-ca.crt"].immutable')).to.deep.equal(expected);
    expect(names('objects.["kube-root-ca.crt"].immutable')).to.deep.equal(expected);
    expect(formatPath(expected)).to.equal('objects["kube-root-ca.crt"].immutable');
  });

  it('are refused where a name is missing or a bracket open', () => {
    for (const text of ['', '.', 'a.', '.a', 'a..b', 'a[', 'a["b]', 'a[b]', 'a]b', 'a["\\x"]']) {
      expect(names(text), text).to.equal(undefined);
    }
  });

  it('read back as they were written', () => {
    const name = fc.string({ minLength: 1 });
    fc.assert(
      fc.property(fc.array(name, { minLength: 1, maxLength: 4 }), (path) => {
        const read = names(formatPath(path));
        expect(read).to.deep.equal(path);
      }),
    );
  });
});
