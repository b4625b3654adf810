import { expect } from 'chai';
import { termSubjects } from '../../src/explain/terms.js';
import { PAGES, pageOf, proseOf } from './pages.js';

const GLOSSARY = 'docs/glossary.md';

/** Rows of the glossary's tables: a word, and what stands beside it. */
function rowsBehind(heading: string): readonly (readonly [string, string])[] {
  const { text } = pageOf(GLOSSARY);
  return [...text.slice(text.indexOf(heading)).matchAll(/^\| (.+?) +\| (.+?) +\|$/gm)].map(([, word, beside]) => [
    word,
    beside,
  ]);
}

describe('the glossary', () => {
  const words = new Map(
    rowsBehind('# Glossary')
      .filter(([word]) => word.startsWith('**'))
      .map(([word, meaning]) => [word.replaceAll('**', ''), meaning.replaceAll(/`|\b_|_\b/g, '')]),
  );

  it('has the words of explain, and says the same of each', () => {
    const terms = new Map(termSubjects().map(({ name, meaning }) => [name, meaning]));
    expect([...words.keys()].sort()).to.deep.equal([...terms.keys()].sort());
    for (const [word, meaning] of words) expect(terms.get(word), word).to.equal(meaning);
  });

  it('names words that the pages do not use', () => {
    const unused = rowsBehind('## Not used')
      .slice(2)
      .flatMap(([names]) => names.split(', '));
    expect(unused).to.include.members(['slot', 'stale', 'master']);
    const pattern = new RegExp(`\\b(${unused.join('|')})s?\\b`, 'gi');
    const pages = PAGES.filter(({ path }) => path === 'README.md' || (path.startsWith('docs/') && path !== GLOSSARY));
    const used = pages.flatMap((page) => [...proseOf(page).matchAll(pattern)].map(([word]) => `${page.path}: ${word}`));
    expect(used).to.deep.equal([]);
  });
});
