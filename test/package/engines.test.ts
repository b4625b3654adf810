import { expect } from 'chai';
import { readFileSync } from 'node:fs';

const ROOT = new URL('../../../', import.meta.url);
const textOf = (path: string): string => readFileSync(new URL(path, ROOT), 'utf8');

describe('the releases of Node.js', () => {
  const { engines } = JSON.parse(textOf('package.json')) as { readonly engines: { readonly node: string } };
  const ranges = engines.node.split(' || ');

  it('are held to the same bytes in CI from the first version of each line on, and on one that is newer than all', () => {
    const tested = /for version in (.*); do/.exec(textOf('.ci/run'))?.[1].split(' ') ?? [];
    expect(ranges[ranges.length - 1]).to.match(/^>=/);
    expect(tested.slice(0, -1)).to.deep.equal(ranges.map((range) => range.replace(/^(\^|>=)/, '')));
    expect(Number(tested[tested.length - 1])).to.be.above(Number.parseInt(tested[tested.length - 2], 10));
  });

  it('are what people are told', () => {
    const told = ranges.map((range) => range.replace('>=', '≥').replace(/\.0$/, '').replace(/\.0$/, ''));
    const text = `Node.js ${told.slice(0, -1).join(', ')} or ${told[told.length - 1]}`;
    for (const page of ['README.md', 'docs/elsewhere.md']) expect(textOf(page), page).to.include(text);
    const [, major, minor] = /^\^(\d+)\.(\d+)\./.exec(ranges[0]) ?? [];
    expect(textOf('src/cli/main.ts')).to.include(`NEEDED = [${major}, ${minor}]`);
  });
});
