import { expect } from 'chai';
import { costsPlan, readTurns, stormPlan } from '../../experiments/laboratory/runner/load-plans.js';
import {
  costRows,
  stormEventRows,
  stormOrigin,
  stormRequestRows,
} from '../../experiments/laboratory/runner/load-tables.js';

describe('a storm in the laboratory', () => {
  const size = { reflectors: 5_000, reflectorsPerClient: 50, secrets: 2_000, cores: 1 };
  const options = { ...size, signal: 'KILL', settle: 110, observe: 180, turns: undefined } as const;

  it('has no kubelets, no authorization and no audit log, as that of the validation', () => {
    const plan = stormPlan({ ...options, watchList: false });
    expect(plan).to.include({ authorization: 'AlwaysAllow', audit: false, encryption: false, kubeAPIQPS: 50 });
    expect(plan.groups).to.deep.equal([]);
    expect(plan.storm).to.include({ reflectors: 5_000, apiServerCores: 1, watchList: false, downtimeSeconds: 1 });
  });

  it('lets the server and its clients take turns where there are too few cores for both', () => {
    const { storm } = stormPlan({ ...options, cores: 2, watchList: true, turns: readTurns('1/2.5') });
    expect(storm).to.deep.include({ turns: { apiServerSeconds: 0.001, otherSeconds: 0.0025 } });
    expect(stormPlan({ ...options, watchList: true }).storm).not.to.have.property('turns');
    for (const text of ['1', '0/1', '1/0', '-1/2', '1/2/3', '1ms/1ms'])
      expect(() => readTurns(text), text).to.throw('write the milliseconds of the server and of all else as 1/3');
  });

  it('counts its time from the signal', () => {
    const events = [
      { event: 'clientsStart', at: 890 },
      { event: 'kill', at: 1000, apiServerCPUSeconds: 29.24, clientsCPUSeconds: 3.5 },
      { event: 'start', at: 1001.01 },
      { event: 'ready', at: 1003 },
      // Read off the server's log in the end.
      { event: 'serving', at: 1002 },
    ];
    expect(stormEventRows(events, stormOrigin(events)).slice(1)).to.deep.equal([
      [-110, 'clientsStart', '', ''],
      [0, 'kill', 29.24, 3.5],
      [1.01, 'start', '', ''],
      [2, 'serving', '', ''],
      [3, 'ready', '', ''],
    ]);
  });

  it('tells versions of a request apart as far as the API server does', () => {
    const request = { client: 17, verb: 'watch', initialEvents: false, status: 0, class: 'refused', seconds: 0.0014 };
    const rows = stormRequestRows(
      [
        { ...request, sentAt: 12, resourceVersion: '4711' },
        { ...request, sentAt: 11, resourceVersion: '' },
      ],
      10,
    );
    expect(rows.slice(1)).to.deep.equal([
      [1, 0.001, 17, 'watch', '', 0, 'refused', ''],
      [2, 0.001, 17, 'watch', 'set', 0, 'refused', ''],
    ]);
  });
});

describe('costs in the laboratory', () => {
  it('are measured at three sizes and numbers of objects, so that what is fixed cancels', () => {
    const { costs } = costsPlan(1, false) as { costs: Record<string, readonly number[]> };
    for (const name of ['objectBytes', 'objects', 'watchers']) expect(costs[name].length).to.be.at.least(3);
  });

  it('become a table with a column for each figure', () => {
    expect(costRows([{ request: 'PATCH', apiserver_cpu_ms: 3.23456 }])).to.deep.equal([
      ['request', 'apiserver_cpu_ms'],
      ['PATCH', 3.2346],
    ]);
  });
});
