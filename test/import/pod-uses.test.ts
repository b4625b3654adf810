import { expect } from 'chai';
import { podSchema } from '../../src/import/kubernetes-schemas.js';
import { podUses } from '../../src/import/pod-uses.js';
import { pod, type Fields } from './kubernetes.js';

/** The uses as text: `Secret a volume 0 optional`. */
function uses(spec: Fields): string[] {
  return podUses(podSchema.parse(pod('p', spec))).map(({ kind, name, as, volume, optional }) =>
    [kind, name, as, ...(volume === undefined ? [] : [volume]), ...(optional ? ['optional'] : [])].join(' '),
  );
}

function mounting(...mounts: readonly Fields[]): Fields {
  return { name: 'app', volumeMounts: mounts };
}

const secretVolume = { name: 'v', secret: { secretName: 'a' } };

describe('podUses', () => {
  it('reads secret, configMap and projected volumes, numbered in order', () => {
    const volumes = [
      secretVolume,
      { name: 'tmp', emptyDir: {} },
      { name: 'c', configMap: { name: 'b', optional: true } },
      {
        name: 'p',
        projected: {
          sources: [
            { serviceAccountToken: { path: 'token' } },
            { configMap: { name: 'kube-root-ca.crt' } },
            { downwardAPI: { items: [] } },
            { secret: { name: 'a', optional: true } },
          ],
        },
      },
    ];
    const mounts = volumes.map(({ name }) => ({ name, mountPath: `/${name}` }));
    expect(uses({ volumes, containers: [mounting(...mounts)] })).to.deep.equal([
      'Secret a volume 0',
      'ConfigMap b volume 1 optional',
      'ConfigMap kube-root-ca.crt projected 2',
      'Secret a projected 2 optional',
    ]);
  });

  it('counts a volume that no container mounts: the kubelet mounts it all the same', () => {
    expect(uses({ volumes: [secretVolume], containers: [{ name: 'app' }] })).to.deep.equal(['Secret a volume 0']);
  });

  it('tells subPath mounts from whole ones, in containers of all sorts', () => {
    const whole = { name: 'v', mountPath: '/v' };
    const subPath = { name: 'v', mountPath: '/f', subPath: 'f' };
    const expression = { name: 'v', mountPath: '/f', subPathExpr: '$(F)' };
    const volumes = [secretVolume];
    expect(uses({ volumes, containers: [mounting(subPath)] })).to.deep.equal(['Secret a subPath 0']);
    expect(uses({ volumes, containers: [mounting(expression)] })).to.deep.equal(['Secret a subPath 0']);
    const both = ['Secret a volume 0', 'Secret a subPath 0'];
    expect(uses({ volumes, containers: [mounting(subPath, whole)] })).to.deep.equal(both);
    expect(uses({ volumes, initContainers: [mounting(whole)], containers: [mounting(subPath)] })).to.deep.equal(both);
    expect(uses({ volumes, ephemeralContainers: [mounting(subPath)], containers: [mounting(whole)] })).to.deep.equal(
      both,
    );
  });

  it('repeats all sources of a projected volume that is mounted both ways', () => {
    const volumes = [{ name: 'v', projected: { sources: [{ secret: { name: 'a' } }, { configMap: { name: 'b' } }] } }];
    const containers = [mounting({ name: 'v' }, { name: 'v', subPath: 'x' })];
    expect(uses({ volumes, containers })).to.deep.equal([
      'Secret a projected 0',
      'ConfigMap b projected 0',
      'Secret a subPath 0',
      'ConfigMap b subPath 0',
    ]);
  });

  it('takes env and envFrom once per object, optional only where every reference is', () => {
    const refer = (name: string, optional?: boolean) => ({ valueFrom: { secretKeyRef: { name, key: 'k', optional } } });
    const spec = {
      initContainers: [{ env: [refer('a', true), refer('init')] }],
      containers: [
        { env: [{ name: 'PLAIN', value: 'x' }, refer('a'), refer('b', true)] },
        { env: [{ valueFrom: { fieldRef: {} } }, { valueFrom: { configMapKeyRef: { name: 'a', key: 'k' } } }] },
      ],
      ephemeralContainers: [
        { envFrom: [{ secretRef: { name: 'b', optional: true } }, { configMapRef: { name: 'c' } }] },
      ],
    };
    expect(uses(spec)).to.deep.equal([
      'Secret a env',
      'Secret init env',
      'Secret b env optional',
      'ConfigMap a env',
      'ConfigMap c env',
    ]);
  });

  it('reads imagePullSecrets, each once, always optional', () => {
    const spec = { imagePullSecrets: [{ name: 'r' }, { name: 'r' }, {}] };
    expect(uses(spec)).to.deep.equal(['Secret r imagePullSecret optional']);
  });

  it('takes the credentials of storage drivers for env: they are read when the volume is mounted', () => {
    const volumes = [
      { name: '1', csi: { driver: 'd', nodePublishSecretRef: { name: 'csi' } } },
      { name: '2', azureFile: { secretName: 'azure' } },
      { name: '3', flexVolume: { driver: 'd', secretRef: { name: 'flex' } } },
      { name: '4', rbd: { secretRef: { name: 'ceph' } } },
      { name: '5', cephfs: { secretRef: { name: 'ceph' } } },
      { name: '6', csi: { driver: 'd' } },
    ];
    expect(uses({ volumes })).to.deep.equal([
      'Secret csi env',
      'Secret azure env',
      'Secret flex env',
      'Secret ceph env',
    ]);
  });

  it('takes null lists for empty ones, as Go writes them', () => {
    expect(uses({ volumes: null, containers: [{ env: null, envFrom: null, volumeMounts: null }] })).to.deep.equal([]);
  });
});
