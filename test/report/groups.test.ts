import { expect } from 'chai';
import type { GroupDelays } from '../../src/cluster/model/group-delays.js';
import { summarizeScenarios } from '../../src/report/scenario-summary.js';
import { groupsTable } from '../../src/report/tables/groups.js';
import { experiment, outcome, record, run, strategies } from './fixtures.js';

const group = (grouping: GroupDelays['grouping'], name: string, reached: number, delayS: number): GroupDelays => ({
  grouping,
  group: name,
  reached,
  unreached: 2,
  quantilesS: reached === 0 ? [] : [delayS, delayS + 1, delayS + 2, delayS + 3],
});

describe('groups.csv', () => {
  const asked = strategies('Watch').map((each) => ({ ...each, input: { ...each.input, groups: true as const } }));
  const told = experiment({ scenarios: asked });
  const finished = outcome([
    run(0, 1, record(0, { groups: [group('namespace', 'shop', 4, 10), group('namespace', 'edge', 0, 0)] })),
    run(0, 2, record(0, { groups: [group('owner_kind', 'Pod', 1, 5), group('namespace', 'shop', 6, 20)] })),
  ]);

  it('has the mean over the replications that reached a group, by grouping and name', () => {
    const table = groupsTable(told, summarizeScenarios(told, finished));
    const names = table?.columns.map(({ name }) => name) ?? [];
    const cells = [...(table?.rows ?? [])].map((row) =>
      ['group', 'quantile', 'n', 'reached_mean', 'unreached_mean', 'delay_s'].map((name) => row[names.indexOf(name)]),
    );
    expect(cells.map(([name, quantile]) => `${String(name)} ${String(quantile)}`)).to.deep.equal(
      ['edge', 'shop', 'Pod'].flatMap((name) => [0.5, 0.95, 0.99, 1].map((quantile) => `${name} ${quantile}`)),
    );
    expect(cells[0]).to.deep.equal(['edge', 0.5, 0, 0, 2, null]);
    expect(cells[7]).to.deep.equal(['shop', 1, 2, 5, 2, 18]);
    expect(cells[8]).to.deep.equal(['Pod', 0.5, 1, 1, 2, 5]);
  });

  it('is there only where it was asked for', () => {
    const plain = experiment({ scenarios: strategies('Watch') });
    expect(groupsTable(plain, summarizeScenarios(plain, finished))).to.equal(null);
  });
});
