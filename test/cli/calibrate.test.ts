import { expect } from 'chai';
import { readFile } from 'node:fs/promises';
import { Workplace } from './command.js';

const SCRAPE = new URL('../../../test/fixtures/import/apiserver-1.30.prom', import.meta.url);

describe('calibrate', () => {
  let place: Workplace;
  let scrape: string;

  before(async () => {
    scrape = await readFile(SCRAPE, 'utf8');
  });
  beforeEach(async () => {
    place = await Workplace.make();
    await place.call(['init']);
  });
  afterEach(() => place.remove());

  /** The scrape of the same server when it has used more CPU for more LISTs and answered nothing else. */
  function later(): string {
    return scrape
      .replace('process_cpu_seconds_total 11502.37', 'process_cpu_seconds_total 11552.37')
      .replace(/(apiserver_request_total\{[^}]*resource="secrets",scope="cluster"[^}]*\}) 68/, '$1 100068');
  }

  it('writes numbers that run lays over an experiment', async () => {
    const done = await place.run(['calibrate', '-', '-f', 'mine.yaml', '--cores', '4'], scrape);
    expect(done.err).to.equal('');
    expect(done.code).to.equal(0);
    expect(done.out).to.match(/^since the server's start, 11,502 s of CPU, 4,754,022 requests, /);
    expect(done.out).to.match(/^apiServer.cpuScale +1.6 +1 +11,502 s of CPU; /m);
    expect(done.out).to.match(/^etcd.watch +- +p50 1ms, p99 5ms +no series /m);
    expect(done.out).to.match(/^mine.yaml written; /m);
    const plan = await place.call(['run', 'experiment.yaml', 'mine.yaml', '--dry-run']);
    expect(plan.err).to.equal('');
    expect(plan.code).to.equal(0);
    const alone = await place.call(['run', 'mine.yaml', '--dry-run']);
    expect(alone.code).to.equal(2);
  });

  it('judges by what happened between two scrapes, and prints JSON on request', async () => {
    await place.write('a.prom', scrape);
    const args = ['calibrate', 'a.prom', '-', '--interval', '1m', '-f', 'mine.yaml', '-o', 'json'];
    const { code, out } = await place.call(args, later());
    expect(code).to.equal(0);
    const { file, scrapes, measured, findings } = JSON.parse(out) as Record<string, unknown>;
    expect({ file, scrapes }).to.deep.equal({ file: 'mine.yaml', scrapes: ['a.prom', '-'] });
    expect(measured).to.deep.include({ seconds: 60, requests: 100_000, events: 0, watchesOpen: 11_479 });
    // 100,000 LISTs cost 40 s in the table of 1.34, which the nearest releases have, too.
    expect((findings as { field: string; value: unknown }[])[1]).to.include({
      field: 'apiServer.cpuScale',
      value: 1.25,
    });
    expect(await place.read('mine.yaml')).to.include('from a.prom and standard input (60 s apart)');
  });

  it('replaces a file only when forced', async () => {
    const args = ['calibrate', '-', '-f', 'experiment.yaml'];
    const refused = await place.call(args, scrape);
    expect(refused.code).to.equal(2);
    expect(refused.err).to.equal('experiment.yaml: exists already; --force replaces it\n');
    expect((await place.call([...args, '--force'], scrape)).code).to.equal(0);
  });

  it('refuses what is no scrape with exit code 2, and writes nothing', async () => {
    const status = '{"kind":"Status","apiVersion":"v1","status":"Failure","code":403}';
    for (const input of ['', '<html></html>', status, 'kubelet_started_pods_total 1\n', 'a{b="c 1\n', 'a 1']) {
      const { code, out, err } = await place.call(['calibrate', '-', '-f', 'mine.yaml'], input);
      expect(code).to.equal(2);
      expect(out).to.equal('');
      expect(err).to.match(/^<stdin>:/);
      expect(err).not.to.contain('    at ').and.not.to.contain('internal error');
    }
    expect(await place.list()).to.deep.equal(['experiment.yaml']);
  });

  const bad: readonly (readonly [string, readonly string[], string])[] = [
    ['no scrape', ['-f', 'x'], 'calibrate needs a SCRAPE'],
    ['three scrapes', ['a', 'b', 'c', '-f', 'x'], 'calibrate takes one or two scrapes, not 3'],
    ['no file to write', ['a'], 'calibrate needs -f OUT'],
    ['an interval of one scrape', ['a', '--interval', '60s', '-f', 'x'], 'only one is given'],
    ['an interval without a unit', ['a', 'b', '--interval', '60', '-f', 'x'], '--interval: the unit is missing'],
    ['an interval of nothing', ['a', 'b', '--interval', '0s', '-f', 'x'], '--interval: two scrapes are some time'],
    ['no cores', ['a', '--cores', '0', '-f', 'x'], '--cores: expected a number from 0.01 to 1024'],
    ['a file that is not there', ['a', '-f', 'x'], 'a: no such file'],
    ['a misspelt option', ['a', '--intervall', '60s', '-f', 'x'], 'did you mean --interval?'],
  ];
  for (const [what, args, message] of bad) {
    it(`refuses ${what} with exit code 2`, async () => {
      const { code, out, err } = await place.call(['calibrate', ...args]);
      expect(err).to.contain(message);
      expect(out).to.equal('');
      expect(code).to.equal(2);
    });
  }

  it('asks for the time between two scrapes that do not tell it', async () => {
    await place.write('a.prom', scrape);
    const { code, err } = await place.call(['calibrate', 'a.prom', '-', '-f', 'mine.yaml'], later());
    expect(code).to.equal(2);
    expect(err).to.equal(
      'a.prom: has no timestamps: say with --interval how far the scrapes are apart, such as --interval 60s\n',
    );
  });
});
