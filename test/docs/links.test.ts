import { expect } from 'chai';
import { existsSync, statSync } from 'node:fs';
import { dirname, join, posix } from 'node:path';
import { PAGES, pageOf, proseOf, ROOT, type Page } from './pages.js';

/** Where a page leads to: targets of links and pictures, in the text and in definitions below it. */
function targetsOf(page: Page): readonly string[] {
  // Code in a link's text is part of the link; code elsewhere may look like one.
  const text = page.text.replaceAll(/^```[^]*?^```/gm, '').replaceAll(/`[^`\n]*`(?!\])/g, '');
  const found = [...text.matchAll(/\]\(([^()\s]+)\)/g), ...text.matchAll(/^\[[^\]]+\]: (\S+)$/gm)];
  return found.map(([, target]) => target).filter((target) => !/^[a-z]+:/.test(target));
}

/** What links name that have no definition: `[text]` and `[text][name]` alone. */
function undefinedNames(page: Page): readonly string[] {
  const defined = new Set([...page.text.matchAll(/^\[([^\]]+)\]: /gm)].map(([, name]) => name.toLowerCase()));
  const used = [...proseOf(page).matchAll(/\[([^[\]]+)\](?![([:])/g)].map(([, name]) => name.toLowerCase());
  return defined.size === 0 ? [] : used.filter((name) => !defined.has(name));
}

/** Anchors of a page's headings, as GitHub makes them: lower case, without punctuation, hyphens for blanks. */
function anchorsOf({ text }: Page): readonly string[] {
  const headings = [...text.replaceAll(/^```[^]*?^```/gm, '').matchAll(/^#+ (.+)$/gm)].map(([, heading]) => heading);
  return headings.map((heading) =>
    heading
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N} _-]/gu, '')
      .replaceAll(' ', '-'),
  );
}

/** What is wrong with a link; null where it leads somewhere. */
function fault(page: Page, target: string): string | null {
  const [file, anchor] = target.split('#');
  const path = file === '' ? page.path : posix.normalize(posix.join(dirname(page.path), file));
  if (path.startsWith('..') || !existsSync(join(ROOT, path))) return `${page.path}: ${target} is not there`;
  if (!target.includes('#')) return null;
  if (statSync(join(ROOT, path)).isDirectory()) return `${page.path}: ${target} names a heading of a folder`;
  return anchorsOf(pageOf(path)).includes(anchor) ? null : `${page.path}: ${target} names no heading`;
}

describe('the links of the pages', () => {
  it('lead to files that are there, and to headings that they have', () => {
    const faults = PAGES.flatMap((page) => targetsOf(page).flatMap((target) => fault(page, target) ?? []));
    expect(faults).to.deep.equal([]);
    expect(targetsOf(pageOf('README.md')).length).to.be.above(30);
  });

  it('have a definition where they are named', () => {
    expect(PAGES.flatMap((page) => undefinedNames(page).map((name) => `${page.path}: [${name}]`))).to.deep.equal([]);
  });

  it('lead from the README to every page', () => {
    const reached = new Set<string>(['README.md']);
    for (const path of reached) {
      for (const target of targetsOf(pageOf(path))) {
        const next = posix.normalize(posix.join(dirname(path), target.split('#')[0]));
        if (PAGES.some((page) => page.path === next)) reached.add(next);
      }
    }
    const unknown = PAGES.filter(({ path }) => !reached.has(path)).map(({ path }) => path);
    expect(unknown).to.deep.equal([]);
  });
});

describe('the rule for links', () => {
  const page = (text: string): Page => ({ path: 'docs/x.md', text });

  it('sees files and headings that are not there', () => {
    expect(targetsOf(page('[a](b.md) ![c](d.png) `[e](f)` [`g`](h) [i](https://j)\n\n[k]: l'))).to.deep.equal([
      'b.md',
      'd.png',
      'h',
      'l',
    ]);
    expect(fault(page(''), 'nowhere.md')).to.equal('docs/x.md: nowhere.md is not there');
    expect(fault(page(''), '../README.md#nothing')).to.equal('docs/x.md: ../README.md#nothing names no heading');
    expect(fault(page(''), '../../README.md')).to.include('is not there');
    expect(fault(page(''), '../README.md#install')).to.equal(null);
    expect(anchorsOf(page('## What is *not* modelled, yet?'))).to.deep.equal(['what-is-not-modelled-yet']);
    expect(undefinedNames(page('[a] and [b]\n\n[a]: c'))).to.deep.equal(['b']);
  });
});
