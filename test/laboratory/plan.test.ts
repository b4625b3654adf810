import { expect } from 'chai';
import { readFileSync } from 'node:fs';
import { packageFile } from '../../src/package-files.js';
import { InputError } from '../../src/experiment/language/values/input-error.js';
import { readGroups } from '../../experiments/laboratory/runner/plan.js';

const one = 'groups: [{ name: a, configMapAndSecretChangeDetectionStrategy: Watch }]\n';
const problemsOf = (text: string): readonly string[] => {
  try {
    readGroups(text, 'mine.yaml');
  } catch (error) {
    if (error instanceof InputError) return error.problems;
    throw error;
  }
  return [];
};

describe('a file of groups for the laboratory', () => {
  it('that comes with it holds the groups of the validation at their settings', () => {
    const file = packageFile('experiments/laboratory/groups.yaml');
    const { groups } = readGroups(readFileSync(file, 'utf8'), 'groups.yaml');
    const chosen = groups.filter(({ group }) => 'abd'.includes(group));
    expect(
      chosen.map((each) => [
        each.group,
        each.configMapAndSecretChangeDetectionStrategy,
        each.syncFrequency,
        each.nodeTTL,
      ]),
    ).to.deep.equal([
      ['a', 'Watch', '60s', 'unset'],
      ['b', 'Cache', '60s', 'unset'],
      ['d', 'Watch', '10s', 'unset'],
    ]);
    expect(groups.every(({ nodes, podsPerNode }) => nodes === 8 && podsPerNode === 10)).to.equal(true);
  });

  it('becomes a plan in seconds', () => {
    const { plan } = readGroups(`${one}pause: [2m, 150s]\nsteps: [{ settle: 1m30s }]\n`, 'mine.yaml', 7);
    expect(plan).to.include({ seed: 7, spreadSeconds: 60, limitSeconds: 7200 });
    expect(plan.pauseSeconds).to.deep.equal([120, 150]);
    expect(plan.steps).to.deep.equal([{ settleSeconds: 90 }]);
  });

  it('is refused with all that is wrong in it, and where', () => {
    expect(problemsOf('groups: [{ name: A }]\nsteps: []\n').join('\n'))
      .to.contain('mine.yaml: groups.0.name')
      .and.contain('groups.0.configMapAndSecretChangeDetectionStrategy')
      .and.contain('steps');
  });

  it('is refused where what it says does not go together', () => {
    const both = 'groups: [{ name: a, configMapAndSecretChangeDetectionStrategy: Watch, volumes: [own] }]\n';
    const steps = 'steps: [{ rollout: { groups: [b] } }, { recreateImmutable: { groups: [a] } }, { rotateKey: {} }]\n';
    expect(problemsOf(`${both}${steps}encryption: false\nspread: 5m\n`)).to.deep.equal([
      'mine.yaml: spread: is longer than the pause between rounds',
      'mine.yaml: steps.0: 1 of its groups are not among groups',
      'mine.yaml: steps.1: one of its groups mounts no volume "immutable"',
      'mine.yaml: steps.2: rotateKey needs encryption: true',
    ]);
  });

  it('asks for no more nodes than a machine holds', () => {
    const many = one
      .replace('Watch }', 'Watch, nodes: 150 }')
      .replace(']', ', { name: b, configMapAndSecretChangeDetectionStrategy: Get, nodes: 100 }]');
    expect(problemsOf(`${many}steps: [{ rounds: 1 }]\n`)).to.deep.equal([
      'mine.yaml: groups: 250 nodes, of at most 200',
    ]);
  });
});
