import { expect } from 'chai';
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { textOf } from './files.js';

const ROOT = fileURLToPath(new URL('../../../', import.meta.url));

/** Instructions of the Dockerfile, without comments. */
const INSTRUCTIONS = textOf('Dockerfile')
  .split('\n')
  .filter((line) => line !== '' && !line.startsWith('#'));

/** True where the build does not see a file: the patterns of .dockerignore in their order, as Docker reads them. */
function ignored(path: string): boolean {
  const patterns = textOf('.dockerignore')
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'));
  return patterns.reduce((out, pattern) => {
    const name = pattern.replace('!', '').replaceAll('.', '\\.').replaceAll('*', '[^/]*');
    return new RegExp(`^${name}(/|$)`).test(path) ? !pattern.startsWith('!') : out;
  }, false);
}

describe('the image', () => {
  it('is made of a clone in a stage of its own, and does not run as root, by a number that Kubernetes can check', () => {
    expect(INSTRUCTIONS.filter((line) => line.startsWith('FROM '))).to.have.length(2);
    expect(INSTRUCTIONS.filter((line) => line.startsWith('USER '))).to.deep.equal(['USER 1000:1000']);
    expect(INSTRUCTIONS).to.include('ENTRYPOINT ["secretsim"]');
  });

  it('has a release of Node that CI holds to the same bytes', () => {
    const majors = INSTRUCTIONS.flatMap((line) => /^FROM node:(\d+)-slim/.exec(line)?.[1] ?? []);
    const tested = /for version in (.*); do/.exec(textOf('.ci/run'))?.[1].split(' ') ?? [];
    expect(new Set(majors).size).to.equal(1);
    expect(tested.map((version) => version.split('.')[0])).to.include(majors[0]);
  });

  it('is built from what the package is made of, and from nothing else', function () {
    const { status, stdout } = spawnSync('git', ['ls-files'], { cwd: ROOT, encoding: 'utf8' });
    if (status !== 0) this.skip();
    const seen = stdout.split('\n').filter((path) => path !== '' && !ignored(path));
    const needed = ['package.json', 'package-lock.json', 'tsconfig.json', 'src/bundle.js', 'src/cli/main.ts'];
    const published = ['README.md', 'LICENSE', 'deploy/slo-gate.sh', 'experiments/validation/groups.csv'];
    expect(seen).to.include.members([...needed, ...published, 'results/validation/storm.csv']);
    expect(seen.filter((path) => path.startsWith('results/') && !path.startsWith('results/validation/'))).to.be.empty;
    for (const path of ['node_modules/x', 'dist/src/x.js', '.git/config', 'test/x.ts', 'secretsim-0.1.0.tgz']) {
      expect(ignored(path), path).to.equal(true);
    }
  });
});
