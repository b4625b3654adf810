import { expect } from 'chai';
import { parseKubeletSettings } from '../../src/import/kubelet/parse-settings.js';
import { readKubeletSettings } from '../../src/import/kubelet/read-settings.js';
import { inputError, TestFolder } from './kubernetes.js';

const HEAD = 'apiVersion: kubelet.config.k8s.io/v1beta1\nkind: KubeletConfiguration\n';

async function parse(fields: string): Promise<object> {
  return (await parseKubeletSettings(HEAD + fields, 'kubelet.yaml')).settings;
}

describe('KubeletConfiguration', () => {
  it('gives the fields that matter to Secrets', async () => {
    const fields =
      'syncFrequency: 1m30s\nconfigMapAndSecretChangeDetectionStrategy: Get\nkubeAPIQPS: 7\nkubeAPIBurst: 9\nmaxPods: 110\n';
    expect(await parse(fields)).to.deep.equal({
      syncFrequency: '1m30s',
      configMapAndSecretChangeDetectionStrategy: 'Get',
      kubeAPIQPS: 7,
      kubeAPIBurst: 9,
    });
  });

  it('leaves out what is at its default: absent fields, null, zero durations', async () => {
    expect(await parse('')).to.deep.equal({});
    expect(
      await parse('syncFrequency: 0s\nconfigMapAndSecretChangeDetectionStrategy: ""\nkubeAPIQPS:\n'),
    ).to.deep.equal({});
  });

  it("takes zero limits for the client's own defaults, as the kubelet does", async () => {
    expect(await parse('kubeAPIQPS: 0\nkubeAPIBurst: 0\n')).to.deep.equal({ kubeAPIQPS: 5, kubeAPIBurst: 10 });
  });

  it('is also read as /configz serves it, with and without a kind', async () => {
    const expected = { syncFrequency: '1m', kubeAPIQPS: 50 };
    const served = { syncFrequency: '1m0s', kubeAPIQPS: 50 };
    expect((await parseKubeletSettings(JSON.stringify({ kubeletconfig: served }), 'x')).settings).to.deep.equal(
      expected,
    );
    const withKind = JSON.stringify({ kubeletconfig: { ...served, kind: 'KubeletConfiguration' } });
    expect((await parseKubeletSettings(withKind, 'x')).settings).to.deep.equal(expected);
  });

  it('is read from the file that kubeadm wrote', async () => {
    const file = new URL('../../../experiments/imported-rotation/kubelet.yaml', import.meta.url).pathname;
    expect((await readKubeletSettings([file])).settings).to.deep.equal({
      configMapAndSecretChangeDetectionStrategy: 'Cache',
      kubeAPIQPS: 50,
      kubeAPIBurst: 100,
    });
  });

  const bad: readonly (readonly [string, string])[] = [
    [' \n', 'kubelet.yaml: is empty'],
    ['<html>', 'kubelet.yaml: is an HTML or XML page'],
    ['- a\n- b\n', 'kubelet.yaml:1:1: expected a KubeletConfiguration with its fields'],
    ['syncFrequency: 1m\n', 'kubelet.yaml: is not a KubeletConfiguration: it has no kind'],
    ['kind: ClusterConfiguration\n', 'kubelet.yaml:1:7: kind is ClusterConfiguration; expected KubeletConfiguration'],
    ['kind: ConfigMap\n', 'take the text in its field data.kubelet'],
    [`${HEAD}syncFrequency: 1x\n`, 'kubelet.yaml:3:16: syncFrequency: expected a duration with its unit'],
    [`${HEAD}syncFrequency: 60\n`, 'kubelet.yaml:3:16: syncFrequency: expected a duration with its unit'],
    [`${HEAD}syncFrequency: 10ms\n`, 'can be simulated from 1s to 24h'],
    [`${HEAD}syncFrequency: [1m]\n`, 'kubelet.yaml:3:16: syncFrequency is a list; expected a single value'],
    [`${HEAD}kubeAPIQPS: -1\n`, 'kubelet.yaml:3:13: kubeAPIQPS: expected a whole number'],
    [`${HEAD}kubeAPIBurst: "5"\n`, 'kubeAPIBurst: expected a whole number'],
    [
      `${HEAD}configMapAndSecretChangeDetectionStrategy: Wacth\n`,
      'kubelet.yaml:3:44: configMapAndSecretChangeDetectionStrategy: expected Watch, Cache, Get; did you mean Watch?',
    ],
    [`${HEAD}kubeAPIQPS: {\n`, 'not valid YAML or JSON'],
  ];
  for (const [text, message] of bad) {
    it(`is refused: ${message}`, async () => {
      expect(await inputError(() => parseKubeletSettings(text, 'kubelet.yaml'))).to.include(message);
    });
  }

  it('is refused where the file cannot be read or is too large', async () => {
    const folder = await TestFolder.create();
    expect(await inputError(() => readKubeletSettings([folder.file('none')]))).to.include('no such file');
    const large = await folder.write('large', `${HEAD}# ${'x'.repeat(2_000_000)}`);
    expect(await inputError(() => readKubeletSettings([large]))).to.include('is larger than 1 MiB');
    await folder.remove();
  });
});
