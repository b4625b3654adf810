import { expect } from 'chai';
import { fileURLToPath } from 'node:url';
import { PROGRAM, Workplace } from '../cli/command.js';
import { LoopbackSlurm } from './loopback-slurm.js';

const SCRIPT = fileURLToPath(new URL('../../../experiments/cluster/slurm.sbatch', import.meta.url));
/** A task of the array needs one of the two cores of the test's node. */
const SMALL = ['--cpus-per-task=1', '--mem-per-cpu=100M'];

const EXPERIMENT = `apiVersion: secretsim/v1
kind: Experiment
metadata: {name: small}
spec:
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
    await place.write('small.yaml', EXPERIMENT);
    const program = `${process.execPath} ${PROGRAM}`;
    const environment = `--export=ALL,SECRETSIM=${program}`;
    const submit = ['--parsable', '--output=%a.log', environment, ...SMALL];
    const array = [...submit, '--array=5-11:3', SCRIPT, 'small.yaml', 'parts', '--replications', '2'];
    const job = await slurm.command('sbatch', array, place.path);
    const merge = [
      '--output=merge.log',
      `--dependency=afterok:${job}`,
      '--wrap',
      `${program} merge parts --out merged`,
    ];
    await slurm.command('sbatch', [...SMALL, ...merge], place.path);
    expect((await place.run(['run', 'small.yaml', '--replications', '2', '--out', 'one'])).code).to.equal(0);
    await slurm.untilEmpty();
    expect(await place.list('parts'), await place.read('5.log')).to.deep.equal([
      'shard-1-of-3',
      'shard-2-of-3',
      'shard-3-of-3',
    ]);
    expect(await place.result('merged')).to.deep.equal(await place.result('one'));
  });
});
