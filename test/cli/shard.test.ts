import { expect } from 'chai';
import { cp, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import { parseShard, shardOfRun } from '../../src/experiment/execution/shard.js';
import { Workplace } from './command.js';

const experiment = (more: string): string => `
apiVersion: secretsim/v1
kind: Experiment
metadata: {name: x}
spec:
  replications: 4
  warmup: 1m
  duration: 2m
  cluster: {nodes: 3, podsPerNode: 2, apiServers: 1}
  objects: [{name: ca, kind: Secret, scope: cluster}]
  timeline: [{at: 10s, update: ca}]
  factors:
    kubelet.configMapAndSecretChangeDetectionStrategy: [Watch, Cache]
${more}
`;

describe('shards', () => {
  it('share the runs out evenly, each run to one of them', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 500 }), fc.integer({ min: 1, max: 60 }), (runs, count) => {
        const sizes = new Array<number>(count).fill(0);
        for (let k = 0; k < runs; k++) sizes[shardOfRun(k, count) - 1]++;
        expect(Math.max(...sizes) - Math.min(...sizes)).to.be.at.most(1);
      }),
      { seed: 1 },
    );
  });

  it('take their numbers from a Slurm array with any start and step, and from an Indexed Job', () => {
    const slurm = (id: number, min: number, count: number, step: number): Record<string, string> => ({
      SLURM_ARRAY_TASK_ID: String(id),
      SLURM_ARRAY_TASK_MIN: String(min),
      SLURM_ARRAY_TASK_MAX: String(min + (count - 1) * step),
      SLURM_ARRAY_TASK_COUNT: String(count),
      SLURM_ARRAY_TASK_STEP: String(step),
    });
    expect(parseShard('auto', slurm(7, 1, 10, 3))).to.deep.equal({ ok: true, value: { index: 3, count: 10 } });
    expect(parseShard('auto/5', { JOB_COMPLETION_INDEX: '0' })).to.deep.equal({
      ok: true,
      value: { index: 1, count: 5 },
    });
    expect(parseShard('auto', slurm(5, 1, 10, 3)).ok).to.equal(false);
    expect(parseShard('auto/5', { JOB_COMPLETION_INDEX: '5' }).ok).to.equal(false);
  });

  describe('of an experiment on three machines', () => {
    let place: Workplace;
    before(async () => {
      place = await Workplace.make();
      await place.write('x.yaml', experiment(''));
      for (const i of [1, 2, 3]) {
        const { code } = await place.call([
          'run',
          'x.yaml',
          '--shard',
          `${i}/3`,
          '--out',
          'parts',
          '--workers',
          '1',
          '--quiet',
        ]);
        expect(code).to.equal(0);
      }
    });
    after(() => place.remove());

    it('merge into what one machine writes, byte for byte', async () => {
      const { code, out } = await place.run(['merge', 'parts', '--out', 'merged']);
      expect(code).to.equal(0);
      const single = await place.run(['run', 'x.yaml', '--out', 'single', '--workers', '1', '--quiet']);
      expect(out.replaceAll('merged', 'single')).to.equal(single.out);
      expect(await place.result('merged')).to.deep.equal(await place.result('single'));
    });

    it('are named with the command that computes them where they are missing', async () => {
      await cp(join(place.path, 'parts'), join(place.path, 'two'), { recursive: true });
      await rm(join(place.path, 'two/shard-2-of-3'), { recursive: true });
      const { code, err } = await place.call(['merge', 'two', '--out', 'none']);
      expect(code).to.equal(2);
      expect(err).to.match(/secretsim run x\.yaml .*--shard 2\/3/);
      expect(await place.list('none')).to.equal(null);
      const incomplete = await place.call(['merge', 'two', '--out', 'some', '--incomplete']);
      expect(incomplete.code).to.equal(1);
      expect(await place.read('some/manifest.json')).to.contain('the shards do not have it');
    });

    it('are refused where they are double, or of different experiments', async () => {
      await cp(join(place.path, 'parts'), join(place.path, 'more'), { recursive: true });
      const double = await place.call(['merge', 'parts', 'more']);
      expect([double.code, double.out]).to.deep.equal([2, '']);
      expect(double.err).to.contain('shard-1-of-3');
      await place.call(['run', 'x.yaml', '--seed', 'other', '--shard', '2/3', '--out', 'other', '--quiet']);
      await cp(join(place.path, 'parts'), join(place.path, 'mixed'), { recursive: true });
      await rm(join(place.path, 'mixed/shard-2-of-3'), { recursive: true });
      await rename(join(place.path, 'other/shard-2-of-3'), join(place.path, 'mixed/shard-2-of-3'));
      const mixed = await place.call(['merge', 'mixed']);
      expect([mixed.code, mixed.out]).to.deep.equal([2, '']);
      expect(mixed.err).to.contain('seed');
    });

    it('are refused beside what needs all results, or one run', async () => {
      await place.write('p.yaml', experiment('  precision: {metric: delay_p50_s, relative: 5%, max: 20}'));
      for (const [args, message] of [
        [['run', 'p.yaml', '--shard', '1/3'], 'spec.precision and --shard'],
        [['run', 'x.yaml', '--shard', '1/3', '--only', 's001-r001'], 'both choose runs'],
        [['run', 'x.yaml', '--shard', '1/3', '--report'], '--shard writes no report'],
        [['run', 'x.yaml', '--shard', '4/3'], 'there is no shard 4 of 3'],
        [['run', 'x.yaml', '--shard', 'auto'], 'this is no task of a Slurm array'],
      ] as const) {
        const { code, out, err } = await place.call(args);
        expect(err).to.contain(message);
        expect([code, out]).to.deep.equal([2, '']);
      }
    });
  });
});
