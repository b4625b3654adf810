import { expect } from 'chai';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { Workplace } from './command.js';

const SMALL = `
apiVersion: secretsim/v1
kind: Experiment
metadata: { name: small }
spec:
  replications: 2
  warmup: 1m
  duration: 2m
  cluster: { nodes: 5, podsPerNode: 2, namespaces: 1, serviceAccountMaterial: none }
  objects: [{ name: ca, kind: Secret, scope: cluster }]
  timeline: [{ at: 10s, update: ca }]
`;

interface Trace {
  readonly otherData: Readonly<Record<string, string>>;
  readonly traceEvents: readonly { ph: string; cat?: string; dur?: number; args?: Record<string, unknown> }[];
}

describe('run --trace', () => {
  let place: Workplace;
  beforeEach(async () => {
    place = await Workplace.make();
    await place.write('small.yaml', SMALL);
  });
  afterEach(() => place.remove());

  it('writes the first run beside the results, with the delays of samples.csv', async () => {
    const args = ['run', 'small.yaml', '--samples', 'all', '--out', 'out', '--trace', 'run.json', '--quiet'];
    const { code, err } = await place.run(args);
    expect(code).to.equal(0);
    expect(err).to.match(
      /^trace: run\.json, [\d,]+ events of 5 nodes; opens in ui\.perfetto\.dev or chrome:\/\/tracing\n$/,
    );
    const trace = JSON.parse(await place.read('run.json')) as Trace;
    expect(trace.otherData).to.include({ experiment: 'small', run_id: 's001-r001', left_out: '' });
    const manifest = JSON.parse(await place.read('out/manifest.json')) as { runs: { fingerprint: string }[] };
    expect(trace.otherData['fingerprint']).to.equal(manifest.runs[0].fingerprint);
    const traced = trace.traceEvents
      .filter(({ cat, args: about }) => cat === 'projection' && about !== undefined)
      .map(({ dur, args: about }) => `${String(about?.['pod'])} ${Number(dur) / 1e6}`);
    const [header, ...rows] = (await place.read('out/samples.csv')).trimEnd().split('\n');
    const columns = header.split(',');
    const sampled = rows
      .map((row) => row.split(','))
      .filter(([runId]) => runId === 's001-r001')
      .map((cells) => `${cells[columns.indexOf('pod')]} ${Number(cells[columns.indexOf('delay_s')])}`);
    expect(traced).to.have.members(sampled).and.to.have.length(10);
  });

  it('writes the run that --only names, compressed, of the nodes that are named', async () => {
    const args = [
      'run',
      'small.yaml',
      '--only',
      's001-r002',
      '--trace',
      'new/run.json.gz',
      '--trace-nodes',
      'node-1,node-3',
    ];
    const { code, err } = await place.call(args);
    expect(code).to.equal(0);
    expect(err).to.contain('left out of the trace: 6 projections on 3 other nodes');
    const text = gunzipSync(await readFile(join(place.path, 'new/run.json.gz'))).toString();
    const trace = JSON.parse(text) as Trace;
    expect(trace.otherData).to.include({ run_id: 's001-r002', left_out: '6 projections on 3 other nodes' });
    expect(trace.traceEvents.filter(({ ph }) => ph === 'f')).to.have.length(4);
  });

  it('writes it for a result that is complete already', async () => {
    await place.call(['run', 'small.yaml', '--quiet']);
    const { code, err } = await place.call(['run', 'small.yaml', '--trace', 'run.json']);
    expect(code).to.equal(0);
    expect(err).to.contain('are complete').and.to.contain('trace: run.json');
  });

  const bad: readonly (readonly [string, readonly string[], string])[] = [
    ['a file of another kind', ['--trace', 'run.csv'], 'run.csv: the name of a trace ends in .json or .json.gz'],
    ['a file that exists', ['--trace', 'kept.json'], 'kept.json: exists already; --force replaces it'],
    [
      'a node that is none',
      ['--trace', 'run.json', '--trace-nodes', 'node-1,nod-3'],
      'the cluster has no such node: its 5 nodes are node-0 to node-4; did you mean node-3?',
    ],
    ['no nodes', ['--trace', 'run.json', '--trace-nodes', '0'], '--trace-nodes: expected a whole number from 1'],
    [
      'a node without a name',
      ['--trace', 'run.json', '--trace-nodes', 'node-1,'],
      '--trace-nodes: expected a number, or names of nodes with commas',
    ],
    ['nodes of no trace', ['--trace-nodes', '3'], '--trace-nodes is about a trace: give --trace FILE'],
    [
      'a run that is none',
      ['--trace', 'run.json', '--only', 's009-r001'],
      'small has no such run: its runs are s001-r001',
    ],
    ['a shard', ['--trace', 'run.json', '--shard', '1/2'], '--shard writes no trace'],
  ];
  for (const [what, args, message] of bad) {
    it(`refuses ${what} before anything is run`, async () => {
      await place.write('kept.json', 'mine');
      const { code, out, err } = await place.call(['run', 'small.yaml', ...args]);
      expect(err).to.contain(message);
      expect(out).to.equal('');
      expect(code).to.equal(2);
      expect(await place.list()).to.deep.equal(['kept.json', 'small.yaml']);
      expect(await place.read('kept.json')).to.equal('mine');
    });
  }
});
