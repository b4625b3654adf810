import { expect } from 'chai';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from './pages.js';

/** Where texts for people stand, programs that print some among them. */
const PLACES = ['', 'docs', 'deploy', '.github/workflows', 'experiments', 'findings', 'src', 'test/paths', '.ci'];
const TEXTS = /(\.(md|ya?ml|sh|sbatch|ts|js|json)|^Dockerfile|^run)$/;

/**
 * Commands that fetch a package of this name from a registry, and run it: the package is on none, so whoever takes the name
 * would be run, with a dump of a cluster as its input. `npx --no` runs only what is there.
 */
const FETCHES = [
  /\b(?:npx|bunx|npm exec|npm x|pnpm dlx|yarn dlx)\s(?!--no\b)(?:[^\n`'"]*\s)?secretsim(?:@\S+)?(?=[\s`'"]|$)/,
  /\b(?:npm|pnpm|yarn|bun)\s(?:install|i|add|global add)\s(?:[^\n|;&`'"]*\s)?secretsim(?:@\S+)?(?=[\s`'"]|$)/,
];

function fetchesIn(text: string): readonly string[] {
  return text.split('\n').filter((line) => FETCHES.some((pattern) => pattern.test(line)));
}

function filesOf(place: string): readonly string[] {
  const recursive = place !== '';
  return readdirSync(join(ROOT, place), { recursive, withFileTypes: true })
    .filter((entry) => entry.isFile() && TEXTS.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name));
}

describe('as long as the package is on no registry', () => {
  it('no text tells people to have it fetched by its name', () => {
    const files = PLACES.flatMap(filesOf);
    expect(files.length).to.be.above(400);
    const found = files.flatMap((file) =>
      fetchesIn(readFileSync(file, 'utf8')).map((line) => `${file}: ${line.trim()}`),
    );
    expect(found).to.deep.equal([]);
  });

  it('the rule sees such texts, and lets others be', () => {
    for (const text of [
      'npx secretsim run a.yaml',
      'RUN npm install --global secretsim',
      '`npm i secretsim@1`',
      'npx --yes -- secretsim presets',
      'pnpm dlx secretsim',
      'npm exec -- secretsim',
    ]) {
      expect(fetchesIn(text), text).to.deep.equal([text]);
    }
    for (const text of [
      'npx --no -- secretsim run a.yaml',
      'npm install --global --ignore-scripts .    # secretsim, from this clone',
      'npm install --global ./secretsim-0.1.0.tgz',
      'npm ci && npm start',
      'secretsim run a.yaml',
    ]) {
      expect(fetchesIn(text), text).to.deep.equal([]);
    }
  });
});
