import { expect } from 'chai';
import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { compareResults, type Comparison } from '../../../src/report/compare/compare-results.js';
import { inputError } from '../../import/kubernetes.js';

const RESULTS = fileURLToPath(new URL('../../../../results/', import.meta.url));

const rowOf = ({ rows }: Comparison, metric: string) => rows.find((row) => row.metric === metric);

describe('compareResults', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'secretsim-compare-'));
  });
  afterEach(() => rm(folder, { recursive: true }));

  /** A result with one scenario whose runs have these open watches; empty: no value. */
  async function result(name: string, seed: string, watches: readonly (number | '')[], excel = false): Promise<string> {
    const path = join(folder, name);
    await mkdir(path);
    const rows = [
      ['run_id', 'experiment', 'scenario', 'replication', 'seed', 'watches_open_mean'],
      ...watches.map((count, i) => [
        `s001-r00${i + 1}`,
        'x',
        'base',
        String(i + 1),
        `${seed}/r${i + 1}`,
        String(count),
      ]),
    ];
    const lines = rows.map((row) => row.map((cell) => (excel ? cell.replace('.', ',') : cell)).join(excel ? ';' : ','));
    const text = `${excel ? '\uFEFF' : ''}${lines.join('\n')}\n`;
    const manifest = {
      tool: { version: '0.1.0' },
      complete: true,
      inputs: [],
      scenarios: [{ name: 'base', factors: {} }],
      spec: { seed, kubelet: { syncFrequency: name } },
      files: [{ name: 'runs.csv', rows: watches.length, sha256: createHash('sha256').update(text).digest('hex') }],
    };
    await writeFile(join(path, 'manifest.json'), JSON.stringify(manifest));
    await writeFile(join(path, 'runs.csv'), text);
    return path;
  }

  it('knows the baseline by either part of its name', async () => {
    const path = await result('a', 'x', [1, 2]);
    const manifest = JSON.parse(await readFile(join(path, 'manifest.json'), 'utf8')) as { scenarios: object[] };
    const text = (await readFile(join(path, 'runs.csv'), 'utf8')).replaceAll(',base,', ',now (strategy=Cache),');
    const sha256 = createHash('sha256').update(text).digest('hex');
    const scenarios = [{ name: 'now (strategy=Cache)', factors: {} }];
    await writeFile(join(path, 'runs.csv'), text);
    await writeFile(
      join(path, 'manifest.json'),
      JSON.stringify({ ...manifest, scenarios, files: [{ name: 'runs.csv', rows: 2, sha256 }] }),
    );
    for (const name of ['now', 'strategy=Cache', 'now (strategy=Cache)'])
      expect((await compareResults(`${path}:${name}`, path)).rows, name).not.to.deep.equal([]);
    expect(await inputError(() => compareResults(`${path}:strategy`, path))).to.contain('has no such scenario');
  });

  it('takes differences replication by replication where the seeds are the same', async () => {
    const [a, b] = [await result('1m', 's', [100, 200, 300]), await result('30s', 's', [90, 180, 285])];
    const comparison = await compareResults(a, b);
    expect(comparison).to.deep.include({ method: 'paired', common: 3, warnings: [] });
    expect(comparison.settings).to.deep.equal([{ path: 'kubelet.syncFrequency', a: '"1m"', b: '"30s"' }]);
    const row = rowOf(comparison, 'watches_open_mean');
    // Differences −10, −20, −15: mean −15, standard deviation 5; t(0.975, 2) = 4.302653: ± 12.4207.
    expect(row).to.include({ n_a: 3, n_b: 3, mean_a: 200, mean_b: 185, difference: -15, change_percent: -7.5 });
    expect(row?.ci95_high).to.be.closeTo(-2.5793, 1e-3);
  });

  it('takes them as independent where the seeds differ, and says so', async () => {
    const [a, b] = [await result('a', 's', [100, 200, 300]), await result('b', 't', [90, 180, 285])];
    const comparison = await compareResults(a, b);
    expect(comparison.method).to.equal('welch');
    expect(comparison.warnings.join()).to.contain('the seeds differ: replications are not paired');
    expect(rowOf(comparison, 'watches_open_mean')?.ci95_high).to.be.above(200);
  });

  it('compares the replications that both have, and leaves out pairs without a value', async () => {
    const [a, b] = [await result('a', 's', [1, 2, '', 4]), await result('b', 's', [2, 4, 6])];
    const comparison = await compareResults(a, b);
    expect(comparison.warnings).to.deep.equal(['A has 4 replications and B 3: the 3 that both have are compared']);
    expect(rowOf(comparison, 'watches_open_mean')).to.include({ n_a: 2, mean_a: 1.5, mean_b: 3, difference: 1.5 });
  });

  it('reads files for spreadsheets, too', async () => {
    const [a, b] = [await result('a', 's', [1.5, 2.5], true), await result('b', 's', [2.5, 3.5])];
    expect(rowOf(await compareResults(a, b), 'watches_open_mean')).to.include({ mean_a: 2, difference: 1 });
  });

  it('gives what paired.csv says of two scenarios of one result', async () => {
    const comparison = await compareResults(
      `${RESULTS}immutable-share:strategy=Watch own-secret.immutable=0`,
      'strategy=Cache own-secret.immutable=0',
    );
    const row = rowOf(comparison, 'delay_mean_s');
    expect(row?.difference).to.be.closeTo(146.820741704942, 1e-9);
    expect(row?.ci95_low).to.be.closeTo(143.223002158182, 1e-9);
    expect(comparison.settings.map(({ path }) => path)).to.deep.equal([
      'kubelet.configMapAndSecretChangeDetectionStrategy',
    ]);
  });

  it('names what there is where a scenario or a result is not there', async () => {
    const share = `${RESULTS}immutable-share`;
    expect(await inputError(() => compareResults(share, share))).to.contain('holds 12 scenarios; name one');
    expect(await inputError(() => compareResults(`${share}:strategy=Wacth own-secret.immutable=0`, share))).to.contain(
      'has no such scenario; did you mean strategy=Watch own-secret.immutable=0?',
    );
    expect(await inputError(() => compareResults('x', 'y'))).to.contain('neither argument is a result folder');
    expect(await inputError(() => compareResults(folder, folder))).to.contain('manifest.json: no such file');
    await writeFile(join(folder, 'manifest.json'), '{"kind": "List"}');
    expect(await inputError(() => compareResults(folder, folder))).to.contain('is not the manifest of a result');
  });
});
