import { expect } from 'chai';
import { sum } from 'd3-array';
import { ObservationLog } from '../../../src/cluster/model/observation-log.js';
import { BuiltNodes } from '../../../src/cluster/population/built-nodes.js';
import { buildPopulation, simulate } from '../../../src/cluster/run/simulate.js';
import { type ObservedRun, traceOf } from '../../../src/report/trace/run-trace.js';
import type { TraceEvent } from '../../../src/report/trace/trace-events.js';
import { change, inputOf, objectClass, type Scenario } from '../../cluster/scenario.js';
import { crash } from '../../cluster/timeline-actions.js';
import { view } from './viewer.js';

const CLUSTER: Scenario = {
  nodes: 12,
  podsPerNode: 4,
  duration: 300,
  samples: 'all',
  classes: [objectClass('all'), objectClass('own', { scope: 'deployment', as: 'projected' })],
  // The second update of `all` overtakes the first one.
  timeline: [change('update', 'all', 10), change('update', 'own', 12), change('update', 'all', 30)],
};

function observed(scenario: Scenario = CLUSTER): ObservedRun {
  const input = inputOf(scenario);
  const population = buildPopulation(input);
  const log = new ObservationLog();
  return { input, population, log, record: simulate(input, 1, { nodes: new BuiltNodes(population), observer: log }) };
}

function samplesOf({ record: { samples } }: ObservedRun) {
  if (samples === null) throw new Error('the run has no samples');
  return samples;
}

const projections = (events: readonly TraceEvent[]) =>
  events.filter(({ cat, args }) => cat === 'projection' && args !== undefined);
const nodesOf = (events: readonly TraceEvent[]): readonly unknown[] =>
  events.flatMap(({ name, args }) =>
    name === 'process_name' && /^node-/.test(String(args?.['name'])) ? [args?.['name']] : [],
  );

describe('the trace of a run', () => {
  for (const strategy of ['Watch', 'Cache', 'Get'] as const) {
    it(`has a slice per projection, in it stages that sum to its delay: ${strategy}`, () => {
      const run = observed({ ...CLUSTER, strategy });
      const samples = samplesOf(run);
      const { events, leftOut } = traceOf(run, { nodes: 12 });
      const { parents } = view(events);
      expect(leftOut).to.deep.equal([]);
      const rows = projections(events).map((slice) => {
        const stages = events.filter((event) => parents.get(event) === slice);
        expect(stages.map(({ name }) => name)).to.deep.equal(['cache delay', 'sync wait', 'refresh']);
        expect(sum(stages, ({ dur }) => dur)).to.equal(slice.dur);
        return `${slice.args?.['update']} ${slice.args?.['pod']} ${slice.name.split(',')[0]} ${slice.ts} ${slice.dur}`;
      });
      const expected = Array.from(samples.update, (update, i) => {
        const written = samples.writtenAtUs[i];
        return `${update} ${samples.pod[i]} ${samples.object[i]} ${written} ${samples.projectedAtUs[i] - written}`;
      });
      expect(rows).to.have.members(expected).and.to.have.length(144);
    });
  }

  it('leads each flow from the commit of its write by the delivery to the projection', () => {
    const { events } = traceOf(observed(), { nodes: 12 });
    const { flows, parents } = view(events);
    expect(flows).to.have.length(144);
    for (const slices of flows.values()) {
      expect(slices.map(({ name }) => name)).to.deep.equal(['committed, answer to the client', 'sync wait', 'refresh']);
      const [write, delivered, refreshed] = slices.map((slice) => parents.get(slice));
      expect(write?.args?.['update']).to.equal(refreshed?.args?.['update']);
      expect(delivered).to.equal(refreshed);
    }
    const phases = events.filter(({ id, cat }) => id === 1 && cat === 'update').map(({ ph }) => ph);
    expect(phases).to.deep.equal(['s', 't', 'f']);
  });

  it('shows as many nodes as asked for, the one of the last pod among them', () => {
    const run = observed();
    const samples = samplesOf(run);
    const delays = Array.from(samples.projectedAtUs, (at, i) => at - samples.writtenAtUs[i]);
    const last = samples.node[delays.indexOf(Math.max(...delays))];
    const trace = traceOf(run, { nodes: 3 });
    expect(nodesOf(trace.events)).to.have.length(3).and.to.include(last);
    expect(trace.leftOut).to.deep.equal(['108 projections on 9 other nodes']);
    expect(traceOf(run, { nodes: 3 })).to.deep.equal(trace);
    expect(nodesOf(traceOf(run, { nodes: 1 }).events)).to.deep.equal([last]);
    expect(nodesOf(traceOf(run, { nodes: ['node-7', 'node-2', 'node-7'] }).events)).to.deep.equal(['node-7', 'node-2']);
  });

  it('has no more events than its maximum, whole projections only, and says what is left out', () => {
    const run = observed();
    const { events, leftOut } = traceOf(run, { nodes: 12, maxEvents: 500 });
    expect(events.length).to.be.at.most(500).and.above(480);
    const { flows } = view(events);
    expect([...flows.values()].every((slices) => slices.length === 3)).to.be.true;
    expect(leftOut).to.include(`${144 - flows.size} of 144 projections on the chosen nodes`);
    const counters = events.filter(({ ph }) => ph === 'C');
    expect(counters).to.have.length.within(1, 125);
    expect(leftOut[0]).to.match(/^\d+ bins of load.csv are joined into one$/);
  });

  it('counts the requests of load.csv, whether or not bins are joined', () => {
    const run = observed({ ...CLUSTER, strategy: 'Get' });
    const gets = Number(run.record.metrics.get_per_s) * 300;
    for (const maxEvents of [100_000, 600]) {
      const counters = traceOf(run, { nodes: 1, maxEvents }).events.filter(({ name }) => name === 'requests/s');
      const firsts = [...new Set(counters.map(({ ts }) => Number(ts)))].concat(300e6);
      const total = sum(counters, ({ ts, args }) => {
        const seconds = (firsts[firsts.indexOf(Number(ts)) + 1] - Number(ts)) / 1e6;
        return Number(args?.['get']) * seconds;
      });
      expect(total).to.be.closeTo(gets, 1e-6);
    }
  });

  it('has the requests and watches of nodes, and the stops of servers, where requests are events', () => {
    const run = observed({
      ...CLUSTER,
      strategy: 'Watch',
      apiServers: 1,
      apiServer: { capacity: 4 },
      timeline: [...(CLUSTER.timeline ?? []), crash(60, 1, 5)],
    });
    const { events } = traceOf(run, { nodes: ['node-3'] });
    const [storm] = run.record.storms;
    const [stop] = events.filter(({ name }) => name === 'server stops');
    expect(stop).to.deep.include({ ts: Math.round(storm.atS * 1e6), s: 'p' });
    expect(stop.args?.['watches_lost']).to.equal(storm.watchesLost);
    const opened = events.filter(({ ph, cat }) => ph === 'b' && cat === 'watch');
    const closed = events.filter(({ ph, cat }) => ph === 'e' && cat === 'watch');
    // The storm ends each of them; before and after, some end by themselves.
    const tracks = new Set(opened.map(({ id2 }) => id2?.local));
    expect(closed.filter(({ ts }) => ts === stop.ts)).to.have.length(tracks.size);
    expect([...tracks].every((local) => local !== undefined && /^0x[0-9a-f]+$/.test(local))).to.equal(true);
    opened.forEach((begin, index) => {
      const end = closed[index];
      expect([end.pid, end.id2]).to.deep.equal([begin.pid, begin.id2]);
      expect(Number(end.ts)).to.be.at.least(Number(begin.ts));
    });
    const answers = events.filter(({ cat }) => cat === 'request');
    const began = opened.filter(({ args }) => Number(args?.['opened_at_s']) >= 0);
    expect(answers.filter(({ name, args }) => /^WATCH /.test(name) && args?.['status'] === 'OK')).to.have.length(
      began.length,
    );
    view(events);
  });
});
