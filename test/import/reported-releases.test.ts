import { expect } from 'chai';
import fc from 'fast-check';
import { kubeletSkewMax, minorsBetween } from '../../src/cluster/model/releases.js';
import { releaseFields, reportedReleases } from '../../src/import/reported-releases.js';

describe('reportedReleases', () => {
  it('takes the minor release, whatever the vendor appends', () => {
    expect(reportedReleases(['v1.20.2', 'v1.20.15'])).to.deep.equal({ kubelet: '1.20', server: null, warnings: [] });
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
      kubelet: '1.37',
      server: null,
      warnings: [
        'release 1.99 of the kubelets cannot be simulated (1.20 to 1.37 can); 1.37, the newest that is known, is taken',
      ],
    });
  });

  it('knows none where no node reports one', () => {
    expect(reportedReleases(['', 'unknown'])).to.deep.equal({
      kubelet: null,
      server: null,
      warnings: ['no node reports the version of its kubelet: set cluster.kubernetesVersion'],
    });
  });

  it('takes the API servers’ own, by the tags of their images', () => {
    const releases = reportedReleases(['v1.33.4', 'v1.33.4'], ['1.34.1', '1.34.1', '1.33.4']);
    expect(releases).to.include({ kubelet: '1.33', server: '1.34' });
    expect(releases.warnings).to.deep.equal([
      'the API servers are of several releases: 1.34 (2 servers), 1.33 (1 servers); all are simulated as 1.34',
    ]);
    expect(releaseFields(releases)).to.deep.equal({ kubernetesVersion: '1.34', kubeletVersion: '1.33' });
  });

  it('gives a pair that an experiment may have, whatever the cluster has', () => {
    fc.assert(
      fc.property(fc.integer({ min: 15, max: 45 }), fc.integer({ min: 15, max: 45 }), (server, kubelet) => {
        const releases = reportedReleases([`v1.${kubelet}.0`], [`1.${server}.0`]);
        const { kubernetesVersion = '', kubeletVersion = kubernetesVersion } = releaseFields(releases);
        const behind = minorsBetween(kubeletVersion, kubernetesVersion);
        expect(behind).to.be.within(0, kubeletSkewMax(kubernetesVersion));
        const asGiven = kubernetesVersion === `1.${server}` && kubeletVersion === `1.${kubelet}`;
        expect(releases.warnings.length > 0).to.equal(!asGiven);
      }),
      { numRuns: 500, seed: 1 },
    );
  });
});
