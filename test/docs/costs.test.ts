import { expect } from 'chai';
import type { CostLine, CostTable } from '../../src/cluster/model/costs.js';
import { MEASURED_RELEASES } from '../../src/cluster/model/measured-costs.js';
import { pageOf } from './pages.js';

const ms = (ns: number): string => String(ns / 1e6);
const line = ({ at1KiB, at64KiB }: CostLine): string => `${ms(at1KiB)} (${ms(at64KiB)})`;

/** Columns of the README's table of costs; what was not measured is left out. */
const COLUMNS: readonly [string, (costs: CostTable, release: string) => string][] = [
  ['release', (_costs, release) => release],
  ['GET, cache', ({ getFromCache }) => line(getFromCache)],
  ['GET, etcd', ({ getQuorum }) => line(getQuorum)],
  ['write', ({ write }) => line(write)],
  ['WATCH', ({ watch }) => ms(watch)],
  ['WatchList', ({ watchList }, release) => (release === '1.20' ? '' : line(watchList))],
  ['event', ({ event }) => line(event)],
  ['TLS connection', ({ connection }) => ms(connection)],
  ['memory of a watch', ({ watchMemoryBytes }) => `${watchMemoryBytes / 1024} KiB`],
];

describe('the costs on the README', () => {
  const cells = pageOf('README.md')
    .text.split('\n')
    .filter((text) => text.startsWith('| '))
    .map((text) =>
      text
        .slice(1, -1)
        .split('|')
        .map((cell) => cell.trim()),
    );
  const head = cells.findIndex(([first]) => first === 'release');

  it('are those of the model, release by release', () => {
    expect(cells[head]).to.deep.equal(COLUMNS.map(([name]) => name));
    expect(cells.slice(head + 2, head + 2 + MEASURED_RELEASES.length)).to.deep.equal(
      MEASURED_RELEASES.map(({ release, costs }) => COLUMNS.map(([, cell]) => cell(costs, release))),
    );
  });

  it('say between which shares of them a busy server takes', () => {
    const shares = MEASURED_RELEASES.flatMap(({ costs }) => Object.values<number>({ ...costs.busyShare })).filter(
      (share) => share < 1,
    );
    expect(pageOf('README.md').text).to.include(
      `a busy server takes ${Math.min(...shares)} to ${Math.max(...shares)} of it`,
    );
  });
});
