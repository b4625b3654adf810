import { expect } from 'chai';
import { mkdir } from 'node:fs/promises';
import { parseKubeletSettings } from '../../src/import/kubelet/parse-settings.js';
import { readKubeletSettings } from '../../src/import/kubelet/read-settings.js';
import { gzipSync } from 'node:zlib';
import { inputError, TestFolder } from './kubernetes.js';

const KUBELET = 'apiVersion: kubelet.config.k8s.io/v1beta1\nkind: KubeletConfiguration\n';
const PASSWORD = 'NOT-TO-BE-SHOWN';
const base64 = (bytes: string | Buffer): string => Buffer.from(bytes).toString('base64');
const SETTING = `${KUBELET}syncFrequency: 20s\n`;

/** A MachineConfig that writes files, each with its contents. */
const machineConfig = (...files: readonly (readonly [string, object])[]): string =>
  JSON.stringify({
    kind: 'MachineConfig',
    spec: { config: { storage: { files: files.map(([path, contents]) => ({ path, contents })) } } },
  });
const machine = (source: string, compression?: string): string =>
  machineConfig(
    ['/etc/other', { source: `data:,${PASSWORD}` }],
    ['/etc/kubernetes/kubelet.conf', { source, compression }],
  );

describe('kubelet settings are read', () => {
  const forms: readonly (readonly [string, string])[] = [
    [
      'among the documents of kubeadm',
      `kind: ClusterConfiguration\nkubernetesVersion: v1.33.0\n---\n${KUBELET}syncFrequency: 20s\n`,
    ],
    ['behind an empty document', `---\n# nothing\n---\n${KUBELET}syncFrequency: 20s\n---\n`],
    [
      'from a KubeletConfig of OpenShift',
      'apiVersion: machineconfiguration.openshift.io/v1\nkind: KubeletConfig\nspec:\n  kubeletConfig:\n    syncFrequency: 20s\n',
    ],
    ['from a MachineConfig of OpenShift, percent-encoded', machine(`data:,${encodeURIComponent(SETTING)}`)],
    ['from a MachineConfig, as it is', machine(`data:text/plain,${SETTING}`)],
    ['from a MachineConfig, base64', machine(`data:text/plain;charset=utf-8;base64,${base64(SETTING)}`)],
    ['from a MachineConfig, percent-encoded base64', machine(`data:;base64,${encodeURIComponent(base64(SETTING))}`)],
    ['from a MachineConfig, packed', machine(`data:;base64,${base64(gzipSync(SETTING))}`, 'gzip')],
    ['from a MachineConfig, packed without a word', machine(`data:;base64,${base64(gzipSync(SETTING))}`)],
    [
      'from a MachineConfig with drop-in files, which stand above',
      machineConfig(
        ['/etc/kubernetes/kubelet.conf.d/20-b.conf', { source: `data:,${SETTING}` }],
        ['/etc/kubernetes/kubelet.conf', { source: `data:,${SETTING.replace('20s', '40s')}` }],
        ['/etc/kubernetes/kubelet.conf.d/10-a.conf', { source: `data:,${SETTING.replace('20s', '30s')}` }],
      ),
    ],
    [
      'from an Ignition config',
      `ignition: {version: 3.4.0}\nstorage: {files: [{path: /etc/kubernetes/kubelet.yaml, contents: {source: "data:;base64,${base64(SETTING)}"}}]}\n`,
    ],
    [
      'from a Butane config',
      'variant: openshift\nstorage:\n  files:\n  - path: /etc/kubernetes/kubelet.conf\n    contents:\n      inline: |\n        kind: KubeletConfiguration\n        syncFrequency: 20s\n',
    ],
    [
      'from a cluster of kops',
      'apiVersion: kops.k8s.io/v1alpha2\nkind: Cluster\nspec: {kubelet: {syncFrequency: 20s}}\n',
    ],
    [
      'from an instance group of kops',
      'apiVersion: kops/v1alpha2\nkind: InstanceGroup\nspec: {kubelet: {syncFrequency: 20s}}\n',
    ],
    [
      'from the cluster and a group of kops, the group above',
      'apiVersion: kops.k8s.io/v1alpha2\nkind: Cluster\nspec: {kubelet: {syncFrequency: 50s}}\n---\napiVersion: kops.k8s.io/v1alpha2\nkind: InstanceGroup\nspec: {kubelet: {syncFrequency: 20s}}\n',
    ],
    [
      'from a list of one',
      'apiVersion: v1\nkind: List\nitems:\n- kind: KubeletConfig\n  spec: {kubeletConfig: {syncFrequency: 20s}}\n',
    ],
    [
      'from a NodeConfig of EKS',
      'apiVersion: node.eks.aws/v1alpha1\nkind: NodeConfig\nspec:\n  kubelet:\n    config: {syncFrequency: 20s}\n',
    ],
    [
      'from the flags of a NodeConfig of EKS, which stand above its configuration',
      'apiVersion: node.eks.aws/v1alpha1\nkind: NodeConfig\nspec:\n  kubelet:\n    config: {syncFrequency: 50s}\n    flags: ["--node-labels=a=b", --sync-frequency=20s]\n',
    ],
    [
      'from a ClusterConfig of eksctl whose groups agree',
      'apiVersion: eksctl.io/v1alpha5\nkind: ClusterConfig\nmanagedNodeGroups:\n- {name: a, kubeletExtraConfig: {syncFrequency: 20s}}\n- {name: b, kubeletExtraConfig: {syncFrequency: 20s}}\n',
    ],
    [
      "from kubeadm's extra arguments, a map up to v1beta3",
      'apiVersion: kubeadm.k8s.io/v1beta3\nkind: JoinConfiguration\nnodeRegistration:\n  kubeletExtraArgs: {sync-frequency: 20s}\n',
    ],
    [
      "from kubeadm's extra arguments, a list from v1beta4 on",
      'apiVersion: kubeadm.k8s.io/v1beta4\nkind: InitConfiguration\nnodeRegistration:\n  kubeletExtraArgs:\n  - {name: sync-frequency, value: 20s}\n',
    ],
    [
      'from Cluster API',
      'kind: KubeadmConfigTemplate\nspec:\n  template:\n    spec:\n      joinConfiguration:\n        nodeRegistration:\n          kubeletExtraArgs: {sync-frequency: 20s}\n',
    ],
    [
      'from a ConfigMap of kubeadm',
      `kind: ConfigMap\ndata:\n  kubelet: |\n    kind: KubeletConfiguration\n    syncFrequency: 20s\n`,
    ],
    [
      'from a cluster of kind',
      'apiVersion: kind.x-k8s.io/v1alpha4\nkind: Cluster\nkubeadmConfigPatches:\n- |\n  kind: KubeletConfiguration\n  syncFrequency: 20s\n',
    ],
    ['from k3s and RKE2', 'kubelet-arg:\n- "max-pods=200"\n- "sync-frequency=20s"\n'],
    ['from k3s, one argument', 'token: x\nkubelet-arg: sync-frequency=20s\n'],
    [
      'from a cluster of Rancher',
      'apiVersion: provisioning.cattle.io/v1\nkind: Cluster\nspec: {rkeConfig: {machineGlobalConfig: {kubelet-arg: [max-pods=9, sync-frequency=20s]}}}\n',
    ],
    ['from a cluster of RKE', 'services:\n  kubelet:\n    extra_args: {sync-frequency: 20s}\n'],
    ['from kube-env of GKE', 'CA_CERT: x\nKUBELET_ARGS: --v=2 --sync-frequency=20s --node-labels=a=b\n'],
    ['from the arguments of Talos', 'version: v1alpha1\nmachine:\n  kubelet:\n    extraArgs: {sync-frequency: 20s}\n'],
    [
      'from the configuration of Talos',
      'version: v1alpha1\nmachine:\n  kubelet:\n    extraConfig: {syncFrequency: 20s}\n',
    ],
    [
      'from kubeadm-flags.env',
      'KUBELET_KUBEADM_ARGS="--container-runtime-endpoint=unix:///run/x.sock --sync-frequency=20s"\n',
    ],
    ['from a variable without quotes', '# written by hand\n\nKUBELET_EXTRA_ARGS=--sync-frequency=20s\n'],
    [
      'from a unit of systemd',
      '[Service]\nEnvironment="A=--node-ip=::1"\nExecStart=/usr/bin/kubelet $A \\\n  --sync-frequency 20s \\\n  --v=2\n',
    ],
    [
      'from a command line',
      '/usr/bin/kubelet --config=/var/lib/kubelet/config.yaml --sync-frequency=1m --sync-frequency=20s\n',
    ],
  ];
  for (const [what, text] of forms) {
    it(what, async () => {
      expect((await parseKubeletSettings(text, 'x')).settings).to.deep.equal({ syncFrequency: '20s' });
    });
  }

  it('from forms that set nothing of it', async () => {
    for (const text of ['kind: KubeletConfig\nspec: {}\n', 'machine: {type: worker}\n', 'KUBELET_EXTRA_ARGS=\n']) {
      expect((await parseKubeletSettings(text, 'x')).settings).to.deep.equal({});
    }
  });

  describe('from several files', () => {
    let folder: TestFolder;
    beforeEach(async () => {
      folder = await TestFolder.create();
    });
    afterEach(() => folder.remove());

    it('laid over one another: later ones win, null and zero durations are the default again, flags stand above all', async () => {
      const files = [
        await folder.write('flags.env', 'ARGS="--kube-api-burst=40"\n'),
        await folder.write(
          'base.yaml',
          `${KUBELET}syncFrequency: 20s\nkubeAPIQPS: 7\nkubeAPIBurst: 9\nconfigMapAndSecretChangeDetectionStrategy: Get\n`,
        ),
        await folder.write('10.conf', `${KUBELET}kubeAPIQPS: 8\nconfigMapAndSecretChangeDetectionStrategy: null\n`),
        await folder.write('20.conf', `${KUBELET}syncFrequency: 0s\n`),
      ];
      expect((await readKubeletSettings(files)).settings).to.deep.equal({ kubeAPIQPS: 8, kubeAPIBurst: 40 });
    });

    it('of a drop-in folder, in the order of their names', async () => {
      await mkdir(folder.file('kubelet.conf.d'));
      await folder.write('kubelet.conf.d/20.conf', `${KUBELET}kubeAPIQPS: 8\n`);
      await folder.write('kubelet.conf.d/10.conf', `${KUBELET}kubeAPIQPS: 7\nsyncFrequency: 20s\n`);
      await folder.write('kubelet.conf.d/30.yaml', `${KUBELET}kubeAPIQPS: 9\n`);
      const base = await folder.write('base.yaml', `${KUBELET}syncFrequency: 50s\n`);
      const { settings } = await readKubeletSettings([base, folder.file('kubelet.conf.d')]);
      expect(settings).to.deep.equal({ kubeAPIQPS: 8, syncFrequency: '20s' });
    });

    it('base and drop-in files, null in the middle', async () => {
      const paths = await Promise.all(
        ['syncFrequency: 20s', 'kubeAPIQPS: 7', 'syncFrequency: null', 'kubeAPIQPS: 8', 'kubeAPIBurst: 9'].map(
          (line, index) => folder.write(`${index}.conf`, `${KUBELET}${line}\n`),
        ),
      );
      const merged = { kubeAPIQPS: 8, kubeAPIBurst: 9 };
      expect((await readKubeletSettings(paths)).settings).to.deep.equal(merged);
      expect((await readKubeletSettings([folder.path])).settings).to.deep.equal(merged);
    });

    it('packed with gzip, but not from an archive', async () => {
      const packed = await folder.write('config.yaml.gz', gzipSync(SETTING));
      expect((await readKubeletSettings([packed])).settings).to.deep.equal({ syncFrequency: '20s' });
      const tar = Buffer.alloc(1024);
      tar.write('kubelet.conf');
      tar.write('ustar', 257);
      for (const [bytes, what] of [
        [tar, 'is a tar archive; unpack it and give the file in it'],
        [gzipSync(tar), 'is a tar archive; unpack it and give the file in it'],
        [Buffer.from('PK\u0003\u0004'), 'is a zip archive; unpack it'],
        [Buffer.from('fd377a585a00', 'hex'), 'is compressed with xz; unpack it'],
        [Buffer.from('28b52ffd00', 'hex'), 'is compressed with zstd; unpack it'],
        [Buffer.from(SETTING, 'utf16le'), 'is a binary file or UTF-16 text'],
      ] as const) {
        expect(await inputError(async () => readKubeletSettings([await folder.write('x', bytes)]))).to.contain(what);
      }
    });

    it('but not from a folder without any', async () => {
      expect(await inputError(() => readKubeletSettings([folder.path]))).to.contain('has no file that ends in .conf');
    });
  });

  it('with a line that says from what, and where the configuration itself is', async () => {
    const folder = await TestFolder.create();
    const file = await folder.write('flags.env', 'ARGS="--config=/etc/kubelet.yaml --sync-frequency=30s"\n');
    expect((await readKubeletSettings([file])).notes).to.deep.equal([
      `${file}: flags of a kubelet: they set syncFrequency; they name a configuration file: give it as --kubelet FILE, too`,
    ]);
    await folder.remove();
  });

  const refused: readonly (readonly [string, string, string])[] = [
    [
      'groups that differ',
      'apiVersion: eksctl.io/v1alpha5\nkind: ClusterConfig\nnodeGroups:\n- kubeletExtraConfig: {kubeAPIQPS: 1}\n- kubeletExtraConfig: {kubeAPIQPS: 2}\n',
      'different settings',
    ],
    [
      'a list of several',
      `kind: List\nitems:\n${'- {kind: KubeletConfig, spec: {kubeletConfig: {syncFrequency: 20s}}}\n'.repeat(2)}`,
      'x:3:1: is a list of 2 configurations; give the one of the nodes',
    ],
    [
      'a dump',
      `kind: List\nitems:\n- {kind: Secret, data: {password: ${PASSWORD}}}\n- {kind: ConfigMap, data: {kubelet: ${PASSWORD}}}\n`,
      'this is a dump: --cluster FILE',
    ],
    [
      'a list of machine configurations, of which some write other files',
      `{"kind":"List","items":[${machineConfig(['/x', { source: PASSWORD }])},${machine(`data:,${PASSWORD}`)}]}`,
      'is a list of 2 configurations',
    ],
    ['a MachineConfig without the file', machineConfig(['/x', { source: PASSWORD }]), 'writes no file kubelet.conf'],
    ['a MachineConfig with an address', machine(`https://${PASSWORD}`), 'contents of kubelet.conf are elsewhere'],
    ['a MachineConfig without contents', machineConfig(['/kubelet.conf', {}]), 'has no contents.source'],
    ['a MachineConfig that is no base64', machine(`data:;base64,${PASSWORD}!`), 'not base64'],
    ['a MachineConfig that is not packed', machine(`data:,${PASSWORD}`, 'gzip'), 'no whole gzip data'],
    [
      'a MachineConfig that unpacks to much',
      machine(`data:;base64,${base64(gzipSync(' '.repeat(2 ** 21)))}`),
      'more than 1 MiB',
    ],
    [
      'a MachineConfig with another file in it',
      machine(`data:,kind: ${PASSWORD}`),
      '(kubelet.conf):1:7: kind is another one',
    ],
    [
      'two documents of JSON',
      `{"kind":"KubeletConfiguration"}\n{"data":{"password":"${PASSWORD}"}}\n`,
      'x:2:1: not valid YAML or JSON',
    ],
    [
      'a Secret',
      `kind: Secret\ndata: {password: ${PASSWORD}}\n`,
      'x:1:7: kind is another one; expected KubeletConfiguration',
    ],
    [
      'user data of several parts',
      `MIME-Version: 1.0\nContent-Type: multipart/mixed; boundary="${PASSWORD}"\n\n--${PASSWORD}\n`,
      'x: is user data in several parts (MIME); give the part',
    ],
    ['a kind that may be anything', `kind: ${PASSWORD}\n`, 'kind is another one'],
    ['a setting that may be anything', `${KUBELET}syncFrequency: ${PASSWORD}\n`, 'syncFrequency: expected a duration'],
    ['a flag that may be anything', `A=--sync-frequency=${PASSWORD}\n`, 'x:1:1: syncFrequency: expected a duration'],
    [
      'a strategy that may be anything',
      `${KUBELET}configMapAndSecretChangeDetectionStrategy: ${PASSWORD}\n`,
      'expected Watch, Cache, Get',
    ],
    ['a limit that may be anything', `${KUBELET}kubeAPIQPS: ${PASSWORD}\n`, 'kubeAPIQPS: expected a whole number'],
    [
      'a configuration that is a text',
      `kind: KubeletConfig\nspec: {kubeletConfig: ${PASSWORD}}\n`,
      'expected the fields of a KubeletConfiguration',
    ],
    [
      'YAML that is broken',
      `${KUBELET}a: "${PASSWORD}\nb: [${PASSWORD}\n- {${PASSWORD}: :\n`,
      'not valid YAML or JSON',
    ],
  ];
  for (const [what, text, message] of refused) {
    it(`but not from ${what}, of which nothing is repeated`, async () => {
      expect(await inputError(() => parseKubeletSettings(text, 'x')))
        .to.contain(message)
        .and.not.contain(PASSWORD);
    });
  }
});
