import { expect } from 'chai';
import { readFileSync } from 'node:fs';
import { parseAllDocuments } from 'yaml';
import { parseShard } from '../../src/experiment/execution/shard.js';

/** What is looked at in a Job of Kubernetes (batch/v1). */
interface Job {
  readonly kind: string;
  readonly spec: {
    readonly completionMode?: string;
    readonly completions?: number;
    readonly parallelism?: number;
    readonly suspend?: boolean;
    readonly template: { readonly spec: { readonly containers: readonly { readonly args: readonly string[] }[] } };
  };
}

const FILE = new URL('../../../experiments/cluster/job.yaml', import.meta.url);

describe('job.yaml', () => {
  const documents = parseAllDocuments(readFileSync(FILE, 'utf8')).map((document) => document.toJS() as Job);
  const [parts, merge] = documents.filter(({ kind }) => kind === 'Job').map(({ spec }) => spec);
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
});
