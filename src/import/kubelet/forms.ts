import {
  formatOrigin,
  nodeAt,
  type Located,
  type LocatedMap,
  type Step,
} from '../../experiment/language/values/located.js';
import { InputError } from '../../experiment/language/values/input-error.js';
import { flagsOfText, type KubeletFlag } from './flags.js';
import { ignitionFiles, type EmbeddedText } from './ignition.js';

/** What a document holds of a kubelet's configuration. */
export interface ConfigurationParts {
  /** Name of the form, for people; null for a KubeletConfiguration itself. */
  readonly form: string | null;
  readonly configurations: readonly LocatedMap[];
  readonly flags: readonly KubeletFlag[];
  /** Texts of further documents within it. */
  readonly embedded: readonly EmbeddedText[];
}

/** Where a form keeps things; `*` stands for each element of a list. */
interface Form {
  readonly name: string | null;
  readonly is: (document: LocatedMap, kind: string, group: string) => boolean;
  readonly configurations?: readonly (readonly Step[])[];
  readonly flags?: readonly (readonly Step[])[];
  /** Command lines: texts of several flags each. */
  readonly lines?: readonly (readonly Step[])[];
  readonly texts?: readonly (readonly Step[])[];
  /** Where it keeps an Ignition config, whose files are looked at. */
  readonly ignition?: readonly Step[];
}

const NODE_REGISTRATION = ['nodeRegistration', 'kubeletExtraArgs'];
const KUBEADM = ['initConfiguration', 'joinConfiguration'].map((each) => [each, ...NODE_REGISTRATION]);
/** Where Cluster API keeps what it gives to kubeadm. */
const CLUSTER_API = [
  ['spec'],
  ['spec', 'kubeadmConfigSpec'],
  ['spec', 'template', 'spec'],
  ['spec', 'template', 'spec', 'kubeadmConfigSpec'],
].flatMap((at) => KUBEADM.map((path) => [...at, ...path]));

const has = (document: LocatedMap, ...path: readonly Step[]): boolean => nodeAt(document, path) !== undefined;

/** The forms in which distributions keep a kubelet's configuration. */
const FORMS: readonly Form[] = [
  { name: null, is: (_, kind) => kind === 'KubeletConfiguration', configurations: [[]] },
  { name: '/configz', is: (document) => has(document, 'kubeletconfig'), configurations: [['kubeletconfig']] },
  {
    name: 'KubeletConfig of OpenShift',
    is: (_, kind) => kind === 'KubeletConfig',
    configurations: [['spec', 'kubeletConfig']],
  },
  {
    name: 'MachineConfig of OpenShift',
    is: (_, kind) => kind === 'MachineConfig',
    ignition: ['spec', 'config'],
  },
  {
    name: 'Ignition config',
    is: (document, kind) => kind === '' && (has(document, 'ignition', 'version') || has(document, 'variant')),
    ignition: [],
  },
  {
    // That of the control plane (controlPlaneKubelet) is laid over it on a few nodes only.
    name: 'cluster of kops',
    is: (_, kind, group) => (kind === 'Cluster' || kind === 'InstanceGroup') && /^kops(?:\.k8s\.io)?\//.test(group),
    configurations: [['spec', 'kubelet']],
  },
  {
    name: 'NodeConfig of EKS',
    is: (_, kind, group) => kind === 'NodeConfig' && group.startsWith('node.eks.aws/'),
    configurations: [['spec', 'kubelet', 'config']],
    flags: [['spec', 'kubelet', 'flags']],
  },
  {
    name: 'ClusterConfig of eksctl',
    is: (_, kind, group) => kind === 'ClusterConfig' && group.startsWith('eksctl.io/'),
    configurations: ['nodeGroups', 'managedNodeGroups'].map((groups) => [groups, '*', 'kubeletExtraConfig']),
  },
  {
    name: 'kubeadm configuration',
    is: (_, kind) => kind === 'InitConfiguration' || kind === 'JoinConfiguration',
    flags: [NODE_REGISTRATION],
  },
  {
    name: 'kubeadm configuration of Cluster API',
    is: (_, kind) => /^Kubeadm(?:Config|ControlPlane)(?:Template)?$/.test(kind),
    flags: CLUSTER_API,
  },
  {
    name: 'cluster of kind',
    is: (_, kind, group) => kind === 'Cluster' && group.startsWith('kind.x-k8s.io/'),
    texts: [
      ['kubeadmConfigPatches', '*'],
      ['nodes', '*', 'kubeadmConfigPatches', '*'],
    ],
  },
  {
    name: 'ConfigMap of kubeadm',
    is: (document, kind) => kind === 'ConfigMap' && has(document, 'data', 'kubelet'),
    texts: [['data', 'kubelet']],
  },
  {
    name: 'configuration of k3s or RKE2',
    is: (document, kind) => kind === '' && [...document.entries.keys()].some((key) => /^kubelet-arg\+?$/.test(key)),
    flags: [['kubelet-arg'], ['kubelet-arg+']],
  },
  {
    name: 'cluster of Rancher',
    is: (_, kind, group) => kind === 'Cluster' && group.startsWith('provisioning.cattle.io/'),
    flags: [['spec', 'rkeConfig', 'machineGlobalConfig', 'kubelet-arg']],
  },
  {
    name: 'cluster of RKE',
    is: (document, kind) => kind === '' && has(document, 'services', 'kubelet'),
    flags: [['services', 'kubelet', 'extra_args']],
  },
  {
    name: 'kube-env of GKE',
    is: (document, kind) => kind === '' && (has(document, 'KUBELET_ARGS') || has(document, 'KUBELET_CONFIG')),
    lines: [['KUBELET_ARGS']],
    texts: [['KUBELET_CONFIG']],
  },
  {
    name: 'machine configuration of Talos',
    is: (document, kind) => kind === '' && nodeAt(document, ['machine'])?.type === 'map',
    configurations: [['machine', 'kubelet', 'extraConfig']],
    flags: [['machine', 'kubelet', 'extraArgs']],
  },
];

/** The form that a document is of. */
function formOf(document: LocatedMap): Form | undefined {
  const textAt = (field: string): string => {
    const value = nodeAt(document, [field]);
    return value?.type === 'scalar' ? value.text : '';
  };
  return FORMS.find(({ is }) => is(document, textAt('kind'), textAt('apiVersion')));
}

/** True where a document is of a form that is known, whatever it holds. */
export function isKubeletForm(document: Located): boolean {
  return document.type === 'map' && formOf(document) !== undefined;
}

/** What a document holds of a kubelet's configuration; null where it is of no form that is known. */
export function configurationParts(document: Located): ConfigurationParts | null {
  const form = document.type === 'map' ? formOf(document) : undefined;
  if (form === undefined) return null;
  const at = (paths: readonly (readonly Step[])[] = []): Located[] => paths.flatMap((path) => nodesAt(document, path));
  return {
    form: form.name,
    configurations: at(form.configurations).map(asMap),
    flags: [...at(form.flags).flatMap(flagsOf), ...at(form.lines).flatMap(flagsOfLine)],
    embedded: [
      ...at(form.texts).flatMap((node) =>
        node.type === 'scalar' ? [{ text: () => Promise.resolve(node.text), label: formatOrigin(node.origin) }] : [],
      ),
      ...(form.ignition === undefined ? [] : at([form.ignition]).flatMap(ignitionFiles)),
    ],
  };
}

/** The parts at a path, null ones left out. */
function nodesAt(node: Located, path: readonly Step[]): Located[] {
  const [step, ...rest] = path;
  if (path.length === 0) return node.type === 'scalar' && node.value === null ? [] : [node];
  if (step === '*') return node.type === 'list' ? node.items.flatMap((item) => nodesAt(item, rest)) : [];
  const next = nodeAt(node, [step]);
  return next === undefined ? [] : nodesAt(next, rest);
}

function asMap(node: Located): LocatedMap {
  if (node.type === 'map') return node;
  throw new InputError([`${formatOrigin(node.origin)}: expected the fields of a KubeletConfiguration`]);
}

/** Flags as a text, a list of texts, a list of names with values, or a map of names to a value or values. */
function flagsOf(node: Located): KubeletFlag[] {
  if (node.type === 'scalar') {
    const [name, value = ''] = node.text.replace(/^--/, '').split(/=(.*)/s);
    return [{ name, value, origin: node.origin }];
  }
  if (node.type === 'list')
    return node.items.flatMap((item) => (item.type === 'map' ? namedFlag(item) : flagsOf(item)));
  return [...node.entries].flatMap(([name, { value }]) => {
    const values = value.type === 'list' ? value.items : [value];
    return values.flatMap((each) => (each.type === 'scalar' ? [{ name, value: each.text, origin: each.origin }] : []));
  });
}

function flagsOfLine(node: Located): KubeletFlag[] {
  if (node.type !== 'scalar') return [];
  return flagsOfText(node.text, '').map(({ name, value }) => ({ name, value, origin: node.origin }));
}

function namedFlag(item: LocatedMap): KubeletFlag[] {
  const [name, value] = [nodeAt(item, ['name']), nodeAt(item, ['value'])];
  if (name?.type !== 'scalar' || value?.type !== 'scalar') return [];
  return [{ name: name.text, value: value.text, origin: value.origin }];
}
