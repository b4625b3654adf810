import { expect } from 'chai';
import { parseShard } from '../../src/experiment/execution/shard.js';
import { documentsOf } from './files.js';

/** What is looked at in its pods. */
interface PodSpec {
  readonly automountServiceAccountToken?: boolean;
  readonly securityContext: object;
  readonly containers: readonly { readonly args: readonly string[]; readonly securityContext: object }[];
}

/** What is looked at in a Job of Kubernetes (batch/v1). */
interface Job {
  readonly kind: string;
  readonly spec: {
    readonly completionMode?: string;
    readonly completions?: number;
    readonly parallelism?: number;
    readonly suspend?: boolean;
    readonly template: { readonly spec: PodSpec };
  };
}

describe('indexed-job.yaml', () => {
  const [parts, merge] = (documentsOf('deploy/indexed-job.yaml') as readonly Job[])
    .filter(({ kind }) => kind === 'Job')
    .map(({ spec }) => spec);
  const argumentsOf = ({ template }: Job['spec']): readonly string[] => template.spec.containers[0].args;

  it('gives each completion of an Indexed Job its own shard, all of them together', () => {
    expect(parts.completionMode).to.equal('Indexed');
    const args = argumentsOf(parts);
    const text = args[args.indexOf('--shard') + 1];
    const completions = Array.from({ length: parts.completions ?? 0 }, (_, index) => String(index));
    const shards = completions.map((index) => parseShard(text, { JOB_COMPLETION_INDEX: index }));
    expect(shards).to.deep.equal(
      completions.map((_, index) => ({ ok: true, value: { index: index + 1, count: completions.length } })),
    );
    expect(parts.parallelism).to.be.at.most(completions.length);
  });

  it('merges the folder that the shards are written to, when it is told to', () => {
    const args = argumentsOf(parts);
    expect(argumentsOf(merge).slice(0, 2)).to.deep.equal(['merge', args[args.indexOf('--out') + 1]]);
    expect(merge.suspend).to.be.true;
  });

  // kubernetes.io/docs/concepts/security/pod-security-standards, "Restricted".
  it('has pods that meet the restricted Pod Security Standard, and no token', () => {
    for (const { template } of [parts, merge]) {
      const { automountServiceAccountToken, securityContext, containers } = template.spec;
      expect(automountServiceAccountToken).to.equal(false);
      expect(securityContext).to.deep.include({ runAsNonRoot: true, seccompProfile: { type: 'RuntimeDefault' } });
      for (const container of containers) {
        expect(container.securityContext).to.deep.include({
          allowPrivilegeEscalation: false,
          capabilities: { drop: ['ALL'] },
        });
      }
    }
  });
});
