import { expect } from 'chai';
import { NODE_POOL_LABELS, nodePool } from '../../src/import/node-pool.js';

describe('the pool of a node', () => {
  it('is named by the label of its platform, the more special before the common one', () => {
    for (const label of NODE_POOL_LABELS)
      expect(nodePool({ x: 'y', [label]: 'gpu-1' }, NODE_POOL_LABELS)).to.equal('gpu-1');
    expect(nodePool({ nodepool: 'a', 'karpenter.sh/nodepool': 'b' }, NODE_POOL_LABELS)).to.equal('b');
    expect(nodePool({ zone: 'z1', nodepool: 'a' }, ['zone'])).to.equal('z1');
  });

  it('is absent without the label, and where its value is no value of a label', () => {
    for (const value of ['', 'a b', 'a/b', '-a', 'x'.repeat(64), 5, null]) {
      expect(nodePool({ nodepool: value }, NODE_POOL_LABELS)).to.equal(undefined);
    }
    expect(nodePool(null, NODE_POOL_LABELS)).to.equal(undefined);
  });
});
