import { expect } from 'chai';
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { Workplace } from '../cli/command.js';
import { readPackage, readTable } from './tabular-reader.js';

const PAGE = new URL('../../../docs/reading-results.md', import.meta.url);

const RELEASE = 'cluster.kubernetesVersion';
const LAST_POD = 'last_pod_max_s';

/** Two releases whose last pods differ: under Cache, 1.22 reads at every sync. */
const EXPERIMENT = `apiVersion: secretsim/v1
kind: Experiment
metadata: {name: rotation}
spec:
  replications: 3
  duration: 10m
  cluster: {nodes: 5, podsPerNode: 4, namespaces: 2, deploymentReplicas: 4}
  kubelet: {configMapAndSecretChangeDetectionStrategy: Cache, nodeTTL: 5m}
  objects: [{name: app-tls, kind: Secret, scope: deployment}]
  timeline: [{at: 30s, update: app-tls}]
  factors: {${RELEASE}: ["1.20", "1.22"]}
`;

interface Recipe {
  readonly title: string;
  readonly language: string;
  readonly code: string;
}

/** Blocks of code, each below its heading. */
function recipes(): readonly Recipe[] {
  const sections = readFileSync(PAGE, 'utf8').split(/^## /m).slice(1);
  return sections.flatMap((section) => {
    const [title] = section.split('\n');
    return [...section.matchAll(/^```(\w+)\n(.*?)^```$/gms)].map(([, language, code]) => ({ title, language, code }));
  });
}

/** How a language is run: the command, and what shows whether it and its libraries are there. */
interface Runner {
  readonly command: string;
  readonly args: readonly string[];
  readonly probe: (code: string) => readonly string[];
}

const python = (command: string): Runner => ({
  command,
  args: ['-'],
  probe: (code) => ['-c', code.includes('pandas') ? 'import pandas' : ''],
});
const RUNNERS: Readonly<Record<string, readonly Runner[]>> = {
  // The system's own may have a library that another one on the path has not.
  python: [python('python3'), python('/usr/bin/python3')],
  r: [{ command: 'Rscript', args: ['-'], probe: () => ['-e', 'library(jsonlite)'] }],
  sql: [{ command: 'duckdb', args: ['-csv'], probe: () => ['--version'] }],
};

describe('the recipes of docs/reading-results.md', () => {
  let place: Workplace;
  /** Mean time until the last pod, by release. */
  const expected = new Map<string, number>();

  before(async () => {
    place = await Workplace.make();
    await place.write('rotation.yaml', EXPERIMENT);
    for (const [folder, options] of [
      ['plain', []],
      ['excel', ['--excel']],
    ] as const) {
      await mkdir(join(place.path, folder));
      const out = `${folder}/results/rotation`;
      const run = ['run', 'rotation.yaml', '--workers', '1', '--quiet', '--out', out, ...options];
      expect((await place.call(run)).code).to.equal(0);
    }
    const folder = join(place.path, 'plain/results/rotation');
    const { rows } = readTable(folder, readPackage(folder).resources[0]);
    for (const release of ['1.20', '1.22']) {
      const times = rows.filter((row) => row[RELEASE] === release).map((row) => Number(row[LAST_POD]));
      expected.set(release, times.reduce((sum, time) => sum + time, 0) / times.length);
    }
    expect(expected.get('1.20')).to.be.greaterThan((expected.get('1.22') ?? 0) + 10);
  });
  after(() => place.remove());

  /** The first runner of a recipe that is installed here. */
  function runnerOf({ language, code }: Recipe): Runner | undefined {
    return RUNNERS[language].find(({ command, probe }) => spawnSync(command, probe(code)).status === 0);
  }

  it('are for these tools', () => {
    expect(recipes().map(({ title }) => title)).to.deep.equal(['pandas', 'R', 'DuckDB', 'Python alone']);
  });

  for (const recipe of recipes()) {
    // The recipe of DuckDB says what else files with decimal commas need.
    for (const folder of recipe.language === 'sql' ? ['plain'] : ['plain', 'excel']) {
      it(`${recipe.title} gives the means of the ${folder} files`, function () {
        const runner = runnerOf(recipe);
        if (runner === undefined) {
          if (this.test !== undefined) this.test.title += ` (not installed here)`;
          this.skip();
        }
        const { stdout, stderr, status } = spawnSync(runner.command, runner.args, {
          cwd: join(place.path, folder),
          input: recipe.code,
          encoding: 'utf8',
        });
        expect(status, stderr).to.equal(0);
        const printed = stdout.match(/\d+\.\d+/g)?.map(Number) ?? [];
        for (const [release, seconds] of expected) {
          expect(stdout).to.contain(release);
          // R prints seven digits.
          expect(printed.some((value) => Math.abs(value - seconds) < 1e-5 * seconds)).to.equal(true, stdout);
        }
      });
    }
  }
});
