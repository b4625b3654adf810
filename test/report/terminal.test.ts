import { expect } from 'chai';
import { range } from 'd3-array';
import { stripVTControlCharacters } from 'node:util';
import { noBound } from '../../src/cluster/model/bound.js';
import type { MetricName, RunRecord } from '../../src/cluster/model/run-record.js';
import { specSchema } from '../../src/experiment/language/schema.js';
import { sloOf } from '../experiment/fakes.js';
import { warningLines } from '../../src/report/answer-sentences.js';
import { answerTable } from '../../src/report/terminal.js';
import { OPERATOR_METRICS } from '../../src/cluster/model/operator-metrics.js';
import { experiment, metrics, outcome, record, run, scenario, strategies, update } from './fixtures.js';

const plain = { width: 100, colour: false };
const slo = sloOf('delay_p99_s < 90');

const withMetrics = (values: Partial<Record<MetricName, number | null>>, changes: Partial<RunRecord> = {}) =>
  record(0, { metrics: { ...record().metrics, ...values }, ...changes });

/** What no closed form reaches. */
const UNBOUND = { bound: noBound('rollout in the timeline may hold pods up') };

/** Two strategies; the second is slower, and does not watch. */
const compared = outcome(
  [1, 2, 3].flatMap((replication) => [
    run(0, replication),
    run(
      1,
      replication,
      withMetrics(
        {
          delay_p50_s: 170 + replication,
          delay_p99_s: 359 + replication,
          last_pod_max_s: 388,
          last_pod_bound_s: null,
          cache_delay_mean_s: 132,
          get_per_s: 444.4 + replication / 10,
          watch_per_s: 0,
          watches_open_mean: 0,
          apiserver_memory_bytes: 0,
        },
        UNBOUND,
      ),
    ),
  ]),
);

const EXPECTED = `\
Watch: every pod that sees updates has the new keys by 91.3 s (bound), half of them after 38.5 s; worst seen 92.1 s in 3 rotations, mean 91.1 s: 8 by the volume, 4 never.
Cache: half of the pods that see updates have the new keys after 172 s; worst seen 388 s in 3 rotations, p95 would take about 72 replications, mean 388 s: 8 by the volume, 4 never; no closed form: rollout in the timeline may hold pods up.

Watch: 91.3 s = 90 s longest sync interval + 1.3 s the sync before, and the tick
A bound holds where no watch breaks.

                                         Watch         Cache
delay from commit to new files, s
  p50                               38.5 ± 2.5   172.0 ± 2.5
  p99                               84.3 ± 2.5   361.0 ± 2.5
  last pod                          91.1 ± 2.5           388
its stages, mean, s
  cache delay                            0.050           132
  sync wait                         38.9 ± 2.5          37.9
  refresh                                0.100         0.100
load of the API servers
  GET/s                                      0   444.6 ± 0.2
  LIST/s                                     0             0
  WATCH/s                                333.3             0
  watches open                         150,000             0
  memory, MiB                            7,680             0

± half of the 95 % interval over 3 replications

4 of 12 consumers never see updates: 3 env, 1 subPath.

SLO delay_p99_s < 90   Watch   passed   84.3 ± 2.5 s (mean of 3 replications)
SLO delay_p99_s < 90   Cache   missed   361.0 ± 2.5 s (mean of 3 replications; missed in 3 of 3)

Results in results/rotation: runs.csv, manifest.json
`;

describe('the answer on the terminal', () => {
  const two = experiment({ scenarios: strategies('Watch', 'Cache'), slos: [slo] });

  it('begins with the answer, then has delays, stages, load, SLOs and files', () => {
    const files = ['results/rotation/runs.csv', 'results/rotation/manifest.json'];
    expect(answerTable(two, compared, { ...plain, files })).to.equal(EXPECTED);
  });

  it('has colours only if asked, and the same text with them', () => {
    const coloured = answerTable(two, compared, { width: 100, colour: true });
    expect(coloured).to.contain('\u001b[');
    expect(stripVTControlCharacters(coloured)).to.equal(answerTable(two, compared, plain));
  });

  it('has no intervals of a single replication', () => {
    const text = answerTable(experiment(), outcome([run(0, 1)]), plain);
    expect(text).to.match(
      /^Watch: every pod that sees updates has the new keys by 91\.3 s \(bound\), half .* 37\.5 s; seen 90\.1 s in one rotation: 8 by/,
    );
    expect(text).not.to.contain('±');
  });

  it('says in the table when the last pod is that of the worst of several updates', () => {
    const text = answerTable(experiment(), outcome([run(0, 1, withMetrics({ updates: 2 }))]), plain);
    expect(text).to.contain('last, worst update');
  });

  it('says that some pods are without the new keys, and in how many replications', () => {
    const pending = run(0, 2, withMetrics({ last_pod_max_s: null, pending_at_end: 5 }));
    const text = answerTable(experiment(), outcome([run(0, 1), pending]), plain);
    expect(text).to.contain('some pods are still without them at the end in 1 of 2 rotations');
    expect(text).to.match(/last pod +90\.1 \(1 of 2\)\n/);
  });

  it('says that there was nothing to wait for', () => {
    const idle = record(0, {
      updates: [],
      delays: [],
      bound: null,
      metrics: metrics({ delay_p50_s: null, last_pod_max_s: null }),
    });
    expect(answerTable(experiment(), outcome([run(0, 1, idle)]), plain)).to.match(
      /^Watch: no update was committed\.\n/,
    );
    expect(answerTable(experiment(), outcome([]), plain)).to.match(/^Watch: no run was completed\.\n/);
    const unread = run(0, 1, withMetrics({ delay_p50_s: null, last_pod_max_s: null }));
    expect(answerTable(experiment(), outcome([unread]), plain)).to.match(/^Watch: no pod gets the new keys\.\n/);
  });

  it('says why there is no update that was asked for', () => {
    const timeline = [{ at: '1m', update: 'ca' }];
    const asked = experiment({ spec: specSchema.parse({ timeline }) });
    const told = (counts: Partial<Record<MetricName, number>>, of = asked): string => {
      const values = metrics({ delay_p50_s: null, last_pod_max_s: null, ...counts });
      const idle = record(0, { updates: [], delays: [], bound: null, metrics: values });
      return answerTable(of, outcome([run(0, 1, idle)]), plain).split('\n')[0];
    };
    expect(told({ updates_rejected: 1 })).to.equal(
      'Watch: no update was committed: the one that was sent was refused, as the object is immutable (422) or not there (404).',
    );
    expect(told({ updates_rejected: 1_200 })).to.contain(': 1,200 were refused, as the object is immutable');
    expect(told({ requests_refused: 9 })).to.equal(
      'Watch: no update was committed: no API server had answered the writer by the end of the run.',
    );
    expect(told({ requests_refused: 9 }, experiment())).to.equal('Watch: no update was committed.');
    expect(told({})).to.equal('Watch: no update was committed.');
  });

  it('names the scenarios in which consumers miss updates where it is not the same in all', () => {
    const missing = update({ neverEnv: 3_000, neverSubPath: 200, due: 12_000, reached: 8_700, pending: 100 });
    const counts = { ...record().metrics, due: 12_000, pending_at_end: 100 };
    const missed = run(1, 1, record(0, { updates: [missing], metrics: counts }));
    const text = answerTable(two, outcome([run(0, 1), missed]), plain);
    expect(text).to.contain('Watch: 4 of 12 consumers never see updates: 3 env, 1 subPath.\n');
    expect(text).to.contain('Cache: 3,200 of 12,000 consumers never see updates: 3,000 env, 200 subPath.\n');
    expect(text).to.contain('Cache: 100 of 12,000 consumers had not got the update when the run ended');
  });

  it('has the rarest quantile over rotations that was asked for, with its interval', () => {
    const asked = experiment({ spec: specSchema.parse({ output: { lastPodQuantiles: [0.5, 0.9] } }) });
    const many = outcome(
      range(100).map((index) => run(0, index + 1, withMetrics({ last_pod_max_s: 80 + index / 10 }))),
    );
    expect(answerTable(asked, many, plain)).to.contain(
      '; worst seen 89.9 s in 100 rotations, p90 88.9 s (88.3 to 89.5), mean 85.0 s:',
    );
  });

  describe('of many scenarios', () => {
    const names = [0, 1, 2, 3, 4, 5].map((i) => `strategy=Watch immutable=0.${i}`);
    const many = experiment({
      scenarios: names.map((name, i) => scenario(i, name, { a: 'Watch', b: i }, 'Watch')),
      slos: [slo],
    });
    const finished = outcome(names.flatMap((_, i) => [run(i, 1, record(i)), run(i, 2, record(i + 5))]));

    it('gives the range, and a row per scenario', () => {
      const text = answerTable(many, finished, { width: 120, colour: false });
      expect(text).to.contain(`after 40 s (${names[0]}) to 45 s (${names[5]}).\n`);
      for (const name of names) expect(text.split('\n').filter((line) => line.startsWith(name))).to.have.length(2);
      expect(text).to.contain('40.0 ± 31.8');
    });

    it('leaves the intervals to summary.csv where the terminal is too narrow', () => {
      const text = answerTable(many, finished, { width: 90, colour: false });
      expect(text.split('\n').filter((line) => line.startsWith('strategy'))).to.satisfy((lines: string[]) =>
        lines.every((line) => line.length <= 90),
      );
      expect(text).to.match(/^strategy=Watch immutable=0\.0 +40 +85\.8/m);
    });

    it('counts the scenarios that pass an SLO and lists those that miss it or may', () => {
      const text = answerTable(many, finished, { width: 120, colour: false });
      expect(text).to.contain('SLO delay_p99_s < 90: passed in 5 of 6 scenarios\n');
      expect(text).to.match(/SLO delay_p99_s < 90 +strategy=Watch immutable=0\.5 +missed, uncertain +90\.8 ± 31\.8/);
      expect(text).to.match(/SLO delay_p99_s < 90 +strategy=Watch immutable=0\.0 +passed, uncertain/);
    });
  });

  it('says what operators give and cost where an experiment has any, and nothing of them elsewhere', () => {
    const operated = experiment({
      scenarios: [scenario(0, 'base', {}, 'Watch')],
      spec: specSchema.parse({ replications: 1, operators: { externalSecrets: { objects: 'app-tls' } } }),
    });
    const counted = Object.fromEntries(OPERATOR_METRICS.map((metric) => [metric, 0]));
    const values = { ...record().metrics, ...counted, source_to_application_max_s: 3687, source_calls_per_s: 0.278 };
    const text = answerTable(operated, outcome([run(0, 1, record(0, { metrics: values }))]), plain);
    expect(text).to.match(/^from a change at the store to the last application, and what operators cost *$/m);
    expect(text).to.match(/^ {2}last application, s +3,687$/m);
    expect(text).to.match(/^ {2}store calls\/s +0\.278$/m);
    expect(answerTable(experiment(), compared, plain)).not.to.contain('store calls');
  });

  it('survives names that a terminal would act on', () => {
    const odd = experiment({ scenarios: [scenario(0, 'a=\u001b[31m\tx', { a: 'x' }, 'Watch')] });
    expect(answerTable(odd, outcome([run(0, 1)]), plain)).to.match(/^a= \[31m x: every pod/);
  });
});

describe('warnings beside the answer', () => {
  it('name failed runs, missing runs, and who raised a warning', () => {
    const two = experiment({ scenarios: strategies('Watch', 'Get'), warnings: ['preset values are assumptions'] });
    const partial = outcome([run(1, 1, record(0, { warnings: ['some consumers are pending'] })), run(0, 1)], {
      complete: false,
      failed: [{ runId: 's001-r002', message: 'out of memory' }],
    });
    expect(warningLines(two, partial)).to.deep.equal([
      'run s001-r002 failed: out of memory',
      '1 of 4 runs are missing; what is shown is of the others',
      'preset values are assumptions',
      'some consumers are pending (run s002-r001)',
    ]);
  });

  it('stand once for all runs', () => {
    const warned = [1, 2].map((r) => run(0, r, record(0, { warnings: ['some consumers are pending'] })));
    expect(warningLines(experiment(), outcome(warned))).to.deep.equal(['some consumers are pending']);
  });
});
