import { expect } from 'chai';
import { copyFile } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Workplace } from '../cli/command.js';
import { programs, walk } from '../paths/path.js';
import { LoopbackSlurm } from './loopback-slurm.js';

const SCRIPT = fileURLToPath(new URL('../../../deploy/slurm.sbatch', import.meta.url));
/** A task of the array needs one of the two cores of the test's node. */
const SMALL = '--cpus-per-task=1 --mem-per-cpu=100M';

const EXPERIMENT = `apiVersion: secretsim/v1
kind: Experiment
metadata: {name: small}
spec:
  replications: 2
  warmup: 1m
  duration: 3m
  cluster: {nodes: 5, podsPerNode: 4, namespaces: 2, deploymentReplicas: 4}
  objects:
    - {name: app-tls, kind: Secret, scope: deployment}
  timeline:
    - {at: 30s, update: app-tls}
  factors:
    kubelet.configMapAndSecretChangeDetectionStrategy: [Watch, Cache, Get]
`;

describe('slurm.sbatch', () => {
  let slurm: LoopbackSlurm | null = null;
  let place: Workplace | null = null;

  before(async function () {
    this.timeout(60_000);
    const obstacle = LoopbackSlurm.obstacle();
    if (obstacle !== null) {
      console.warn(`    no Slurm here, its test is skipped: ${obstacle}`);
      this.skip();
    }
    place = await Workplace.make();
    slurm = await LoopbackSlurm.start();
  });
  after(async function () {
    this.timeout(30_000);
    await slurm?.stop();
    await place?.remove();
  });

  it('computes in an array of tasks what one machine computes, byte for byte', async function () {
    this.timeout(90_000);
    if (slurm === null || place === null) return this.skip();
    await place.write('sweep.yaml', EXPERIMENT);
    await copyFile(SCRIPT, join(place.path, 'slurm.sbatch'));
    const { PATH, ...environment } = slurm.environment();
    const walked = await walk('slurm', place.path, {
      ...environment,
      PATH: [await programs(place.path), PATH].join(delimiter),
      ARRAY: `${SMALL} --output=%a.log --array=5-11:3`,
      TASK: `${SMALL} --output=merge.log`,
    });
    expect(walked.code, walked.err).to.equal(0);
    expect((await place.run(['run', 'sweep.yaml', '--out', 'one'])).code).to.equal(0);
    await slurm.untilEmpty();
    expect(await place.list('parts'), await place.read('5.log')).to.deep.equal([
      'shard-1-of-3',
      'shard-2-of-3',
      'shard-3-of-3',
    ]);
    expect(await place.result('merged')).to.deep.equal(await place.result('one'));
  });
});
