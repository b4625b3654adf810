import { expect } from 'chai';
import { differencesOf } from '../../src/report/difference-lines.js';
import { summarizeScenarios } from '../../src/report/scenario-summary.js';
import { answerTable } from '../../src/report/terminal.js';
import { pairedTable } from '../../src/report/tables/paired.js';
import { experiment, metrics, outcome, record, run, strategies } from './fixtures.js';

const taking = (lastPodS: number, gets: number) =>
  record(0, {
    metrics: metrics({ updates: 1, delay_p50_s: 40, last_pod_max_s: lastPodS, get_per_s: gets, list_per_s: 0 }),
  });

describe('the difference to the baseline', () => {
  const plain = experiment({ scenarios: strategies('Watch', 'Cache') });
  const told = { ...plain, spec: { ...plain.spec, baseline: 'now' } };
  const finished = outcome([
    run(0, 1, taking(80, 0)),
    run(0, 2, taking(100, 0)),
    run(1, 1, taking(100, 5)),
    run(1, 2, taking(124, 5)),
  ]);
  const scenarios = summarizeScenarios(told, finished);

  it('is that of paired.csv: replication by replication, with its interval and share', () => {
    const rows = new Map(differencesOf(told, scenarios)?.rows.map(([label, cell]) => [label, cell]));
    // Differences of 20 and 24: mean 22, half of the interval t(1, 0.975) × 2 = 25.4, and 22 of 90 are 24 %.
    expect(rows.get('last pod')).to.equal('+22.0 ± 25.4 (+24 %)');
    expect(rows.get('GET/s')).to.equal('+5');
    const paired = pairedTable(told, scenarios);
    const names = paired?.columns.map(({ name }) => name) ?? [];
    const row = [...(paired?.rows ?? [])].find((each) => each[names.indexOf('metric')] === 'last_pod_max_s');
    expect(row?.[names.indexOf('difference')]).to.equal(22);
  });

  it('has no sign before a share that rounds to nothing', () => {
    const close = outcome([run(0, 1, taking(80, 100)), run(1, 1, taking(79.9, 100.1))]);
    const rows = new Map(
      differencesOf(told, summarizeScenarios(told, close))?.rows.map(([label, cell]) => [label, cell]),
    );
    expect(rows.get('last pod')).to.equal('-0.100 (0 %)');
    expect(rows.get('GET/s')).to.equal('+0.100 (0 %)');
  });

  it('leaves out what is the same everywhere', () => {
    const labels = differencesOf(told, scenarios)?.rows.map(([label]) => label);
    expect(labels).not.to.include('p50').and.not.to.include('LIST/s');
  });

  it('stands on the terminal only where the experiment names a baseline', () => {
    const lay = { width: 160, colour: false };
    expect(answerTable(told, finished, lay)).to.match(/^difference to Watch\n +Cache\n/m);
    expect(answerTable(plain, finished, lay)).not.to.include('difference to');
  });

  it('has a row for each scenario where these are many', () => {
    const many = experiment({ scenarios: strategies('Watch', 'Cache', 'Get', 'Watch', 'Cache') });
    const result = outcome(Array.from({ length: 5 }, (_, i) => run(i, 1, taking(80 + i, 0))));
    const differences = differencesOf(
      { ...many, spec: { ...many.spec, baseline: 'now' } },
      summarizeScenarios(many, result),
    );
    expect(differences?.heading).to.deep.equal(['scenario', 'p50', 'last pod', 'CPU, cores', 'memory, MiB']);
    expect(differences?.rows.map(([, , last]) => last)).to.deep.equal([
      '+1 (+1 %)',
      '+2 (+3 %)',
      '+3 (+4 %)',
      '+4 (+5 %)',
    ]);
  });
});
