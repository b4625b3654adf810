import { expect } from 'chai';
import { documentsOf, textOf } from './files.js';

/** What is looked at in a workflow of GitHub Actions. */
interface Workflow {
  readonly on: { readonly workflow_call: { readonly inputs: Readonly<Record<string, { readonly type: string }>> } };
  readonly permissions: Readonly<Record<string, string>>;
  readonly jobs: Readonly<Record<string, { readonly steps: readonly Step[] }>>;
}

interface Step {
  readonly uses?: string;
  readonly run?: string;
  readonly if?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly with?: Readonly<Record<string, string>>;
}

const FILE = '.github/workflows/slo-gate.yaml';

describe('the workflow for other repositories', () => {
  const [workflow] = documentsOf(FILE) as readonly Workflow[];
  const steps = Object.values(workflow.jobs).flatMap((job) => job.steps);

  it('uses every input that it has, and no other', () => {
    const used = [...textOf(FILE).matchAll(/\$\{\{ inputs\.(\w+) \}\}/g)].map(([, name]) => name);
    expect(new Set(used)).to.deep.equal(new Set(Object.keys(workflow.on.workflow_call.inputs)));
  });

  it('puts no text of a caller into a script, and may only read', () => {
    for (const { run = '' } of steps) expect(run).to.not.include('${{');
    expect(workflow.permissions).to.deep.equal({ contents: 'read' });
  });

  it('runs the gate that other CI servers run, from a tarball, and keeps what it wrote when it fails', () => {
    const gate = steps.findIndex(({ run }) => run?.includes('deploy/slo-gate.sh') === true);
    expect(steps[gate].run).to.match(
      /^PACKAGE=\$\(ls \S+\.tgz\) sh \S+\/deploy\/slo-gate\.sh "\$EXPERIMENT" \$OPTIONS$/,
    );
    expect(Object.keys(steps[gate].env ?? {})).to.deep.equal(['EXPERIMENT', 'OPTIONS']);
    const kept = steps.slice(gate + 1).find(({ uses }) => uses?.startsWith('actions/upload-artifact@') === true);
    expect(kept?.if).to.equal('always()');
    expect(textOf('deploy/slo-gate.sh')).to.include(`mkdir -p ${kept?.with?.['path'] ?? ''}\n`);
  });
});
