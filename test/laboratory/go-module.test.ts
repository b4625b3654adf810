import { expect } from 'chai';
import { goModule, versionOf } from '../../experiments/laboratory/runner/go-module.js';

const KUBERNETES = `module k8s.io/kubernetes

go 1.26.0

godebug default=go1.26

require (
	github.com/blang/semver/v4 v4.0.0
	k8s.io/api v0.0.0
	k8s.io/klog/v2 v2.140.0
)

require (
	go.etcd.io/etcd/server/v3 v3.7.0 // indirect
)

replace (
	k8s.io/api => ./staging/src/k8s.io/api
	k8s.io/client-go => ./staging/src/k8s.io/client-go
)
`;

describe('the Go module of a laboratory', () => {
  it('takes the staging modules of the same release', () => {
    const lines = goModule(KUBERNETES, '1.37.2').split('\n');
    expect(lines).to.include.members([
      '\tk8s.io/kubernetes v1.37.2',
      '\tk8s.io/api => k8s.io/api v0.37.2',
      '\tk8s.io/client-go => k8s.io/client-go v0.37.2',
    ]);
    expect(lines.filter((line) => line.includes('=>'))).to.have.length(2);
  });

  it('takes the language, the defaults of the runtime and the etcd of the release', () => {
    expect(goModule(KUBERNETES, '1.37.2').split('\n')).to.include.members([
      'go 1.26.0',
      'godebug default=go1.26',
      '\tgo.etcd.io/etcd/server/v3 v3.7.0',
    ]);
  });

  it('says where a release has a go.mod of another form', () => {
    expect(() => goModule('module k8s.io/kubernetes\n', '1.50.0')).to.throw('staging');
    expect(() => goModule(KUBERNETES.replace(/.*etcd.*/, ''), '1.50.0')).to.throw('unknown form');
  });
});

describe('the version of a release', () => {
  const known = ['v1.3.7', 'v1.36.9', 'v1.36.10', 'v1.37.0-beta.0', 'v1.37.0', 'v1.38.0-alpha.1'];

  it('is its newest patch, by number', () => {
    expect(versionOf('1.36', known)).to.equal('1.36.10');
  });

  it('is itself where it has a patch', () => {
    expect(versionOf('1.36.9', known)).to.equal('1.36.9');
  });

  it('is none for a release that is not out, unknown, or no release', () => {
    for (const release of ['1.38', '1.35', '1', '1.36.11', '37']) expect(versionOf(release, known)).to.equal(undefined);
  });
});
