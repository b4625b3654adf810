import { expect } from 'chai';
import { reportedReleases } from '../../src/import/releases.js';

describe('reportedReleases', () => {
  it('takes the minor release, whatever the vendor appends', () => {
    expect(reportedReleases(['v1.20.2', 'v1.20.15'])).to.deep.equal({ kubelet: '1.20', warnings: [] });
    expect(reportedReleases(['v1.27.3-gke.100']).kubelet).to.equal('1.27');
    expect(reportedReleases(['v1.33.0-alpha.1+abc']).kubelet).to.equal('1.33');
  });

  it('takes the most common of several, and says so', () => {
    const { kubelet, warnings } = reportedReleases(['v1.29.1', 'v1.30.0', 'v1.30.4', '']);
    expect(kubelet).to.equal('1.30');
    expect(warnings).to.deep.equal([
      'the kubelets are of several releases: 1.30 (2 nodes), 1.29 (1 nodes); all are simulated as 1.30',
    ]);
  });

  it('takes the nearest release that can be simulated, and says so', () => {
    expect(reportedReleases(['v1.18.9']).kubelet).to.equal('1.20');
    expect(reportedReleases(['v1.99.0'])).to.deep.equal({
      kubelet: '1.36',
      warnings: ['release 1.99 cannot be simulated (1.20 to 1.36 can); 1.36 is taken'],
    });
  });

  it('knows none where no node reports one', () => {
    expect(reportedReleases(['', 'unknown'])).to.deep.equal({
      kubelet: null,
      warnings: ['no node reports the version of its kubelet: set cluster.kubernetesVersion'],
    });
  });
});
