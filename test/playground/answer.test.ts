import { expect } from 'chai';
import { questionOf } from '../../src/playground/pinned.js';
import type { Question } from '../../src/playground/question.js';
import { topologyPieces } from '../../src/import/topology-pieces.js';
import { knobsForDump } from '../../src/playground/link.js';
import { askCrew } from '../../src/playground/crew.js';
import { WorkerTasks } from '../../src/playground/worker-tasks.js';
import { Workplace } from '../cli/command.js';
import { node, pod } from '../import/kubernetes.js';
import { answerTo, hands, smallSetting } from './questions.js';

const POOL = { labels: { 'cloud.google.com/gke-nodepool': 'blue' } };
const DUMP = JSON.stringify([
  node('node-1', {}, 'v1.33.1', POOL),
  pod('p', { volumes: [{ name: 'v', secret: { secretName: 's' } }] }),
  pod('q', { volumes: [{ name: 'v', secret: { secretName: 's' } }] }),
]);

describe('an answer of the playground', () => {
  let place: Workplace;
  before(async () => {
    place = await Workplace.make();
  });
  after(() => place.remove());

  /** What `secretsim run` writes for an experiment, by name of file. */
  async function written(text: string, folder: string): Promise<Readonly<Record<string, string>>> {
    await place.write(`${folder}.yaml`, text);
    const run = await place.call(['run', `${folder}.yaml`, '--out', folder, '--force', '--quiet', '--workers', '1']);
    expect([0, 3], run.err).to.include(run.code);
    const names = ((await place.list(folder)) ?? []).filter((name) => name.endsWith('.csv'));
    return Object.fromEntries(
      await Promise.all(names.map(async (name) => [name, await place.read(`${folder}/${name}`)] as const)),
    );
  }

  async function files(question: Question): Promise<Readonly<Record<string, string>>> {
    const answer = await answerTo(question, 2);
    return Object.fromEntries(answer.files.map(({ name, text }) => [name, text]));
  }

  it('has the files of the command line, byte for byte', async () => {
    const settings = [
      smallSetting({ replications: 2, strategy: 'Cache', slo: 'max(last_pod_max_s) < 2m', refreshInterval: '1m' }),
      smallSetting({ replications: 2, comparedRelease: '1.27', way: 'restart', restart: 'rolling' }),
    ];
    for (const [index, setting] of settings.entries()) {
      const question = questionOf(setting, null);
      const { 'comparison.csv': comparison, ...tables } = await files(question);
      expect(tables).to.deep.equal(await written(question.now, `case-${index}`));
      expect(typeof comparison).to.equal(setting.knobs.comparedRelease === 'none' ? 'undefined' : 'string');
    }
  });

  it('compares a pinned setting as `compare` does', async () => {
    const pinned = smallSetting({ strategy: 'Watch', seed: 'another' });
    const question = questionOf(smallSetting({ strategy: 'Cache', replications: 3, kubeAPIQPS: 5 }), pinned);
    await written(question.pinned ?? '', 'playground-pinned');
    await written(question.now, 'playground');
    const { out } = await place.call(['compare', 'playground-pinned', 'playground', '-o', 'csv']);
    const { 'comparison.csv': comparison, 'runs.csv': runs } = await files(question);
    expect(comparison).to.equal(out);
    const alone = await place.read('playground/runs.csv');
    const rows = (text: string, scenario: string): readonly string[] =>
      text
        .split('\n')
        .filter((line) => line.includes(`,playground,${scenario},`))
        .map((line) => line.replace(/^[^,]*,playground,[^,]*,/, ''));
    expect(rows(runs, 'now')).to.deep.equal(rows(alone, 'base')).and.to.have.length(3);
  });

  it('tells the delays of a dumped cluster by namespace, owner and node pool', async () => {
    const tasks = new WorkerTasks();
    const read = await tasks.reply({ kind: 'read', name: 'cluster.json', file: new Blob([DUMP]) });
    if (read.kind !== 'cluster') throw new Error(`the dump was not read, but: ${read.kind}`);
    const knobs = { ...knobsForDump(read.cluster, smallSetting().knobs), replications: 1 };
    const question = questionOf({ cluster: read.cluster, knobs }, null);
    const asking = { patient: false, signal: new AbortController().signal, onFirst: () => undefined };
    const outcome = await askCrew(question, hands([tasks]), 1, { ...asking, onProgress: () => undefined });
    if (outcome.kind !== 'answer') throw new Error(`there is no answer, but: ${outcome.kind}`);
    const { data, files: held } = outcome.answer;
    expect([...new Set(data.groups.map((row) => `${row['grouping']} ${row['group']}`))]).to.deep.equal([
      'namespace shop',
      'owner_kind Pod',
      'owner Pod shop/*',
      'node_pool blue',
    ]);
    await place.write('cluster.topology.json', [...topologyPieces(read.topology)].join(''));
    const { 'groups.csv': groups } = await written(question.now, 'dumped');
    expect(held.find(({ name }) => name === 'groups.csv')?.text).to.equal(groups);
  });
});
