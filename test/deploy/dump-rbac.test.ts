import { expect } from 'chai';
import { commandsOf } from '../paths/path.js';
import { documentsOf } from './files.js';

/** What is looked at in a ClusterRole and its binding (rbac.authorization.k8s.io/v1). */
interface RbacObject {
  readonly kind: string;
  readonly metadata: { readonly name: string };
  readonly rules?: readonly { readonly resources: readonly string[]; readonly verbs: readonly string[] }[];
  readonly roleRef?: { readonly kind: string; readonly name: string };
}

describe('dump-rbac.yaml', () => {
  const [role, binding] = documentsOf('deploy/dump-rbac.yaml') as readonly RbacObject[];

  it('allows what the dump asks for, and nothing but to list', () => {
    const [dump] = commandsOf('own-dump');
    const asked = /kubectl get (\S+) -A/.exec(dump)?.[1].split(',') ?? [];
    expect(role.rules?.[0].resources).to.deep.equal(asked);
    expect(new Set(role.rules?.flatMap(({ verbs }) => verbs))).to.deep.equal(new Set(['list']));
  });

  it('is bound', () => {
    expect(binding.roleRef).to.deep.include({ kind: role.kind, name: role.metadata.name });
  });
});
