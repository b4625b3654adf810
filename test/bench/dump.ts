import { writeSync } from 'node:fs';

/** Pods of a node. */
const PODS_PER_NODE = 30;
const NAMESPACES = 50;
/** Objects for every so many pods. */
const PODS_PER_OBJECT = 6;

const MANAGED_AT = '2026-03-01T09:30:00Z';

/** What a dump of kubectl holds of every object, which an import reads and drops. */
const metadata = (kind: string, name: string, number: number, more: object = {}): object => ({
  name,
  ...(kind === 'Node' ? {} : { namespace: `team-${number % NAMESPACES}` }),
  uid: `00000000-0000-4000-8000-${number.toString(16).padStart(12, '0')}`,
  resourceVersion: String(1_000_000 + number),
  creationTimestamp: '2026-01-15T08:00:00Z',
  annotations: { 'example.org/note': `"quoted" {text} [of] ${kind} ${number}, with a backslash \\` },
  managedFields: ['kubectl-client-side-apply', 'kube-controller-manager', 'kubelet'].map((manager) => ({
    apiVersion: 'v1',
    fieldsType: 'FieldsV1',
    fieldsV1: {
      'f:metadata': { 'f:annotations': { '.': {}, 'f:example.org/note': {} }, 'f:labels': { '.': {}, 'f:app': {} } },
      'f:spec': {
        'k:{"name":"main"}': { '.': {}, 'f:env': {}, 'f:image': {}, 'f:resources': {}, 'f:volumeMounts': {} },
      },
    },
    manager,
    operation: 'Update',
    time: MANAGED_AT,
  })),
  ...more,
});

const container = (name: string, number: number): object => ({
  name,
  image: `registry.example.org/team/${name}:v1.${number % 20}.0`,
  env: Array.from({ length: 6 }, (_, i) => ({ name: `SETTING_${i}`, value: `value ${i} of ${number}` })),
  envFrom: [{ configMapRef: { name: `settings-${Math.floor(number / PODS_PER_OBJECT)}`, optional: true } }],
  resources: { limits: { cpu: '500m', memory: '256Mi' }, requests: { cpu: '100m', memory: '128Mi' } },
  volumeMounts: ['credentials', 'settings', 'kube-api-access'].map((volume) => ({
    mountPath: `/var/run/${volume}`,
    name: volume,
    readOnly: true,
  })),
});

function pod(number: number): object {
  const object = Math.floor(number / PODS_PER_OBJECT);
  const containers = ['main', 'proxy'];
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: metadata('Pod', `app-${object}-${number}`, object * NAMESPACES + (object % NAMESPACES), {
      labels: { app: `app-${object}`, 'pod-template-hash': 'abc' },
      ownerReferences: [{ kind: 'ReplicaSet', name: `app-${object}-abc`, controller: true, uid: 'u' }],
    }),
    spec: {
      containers: containers.map((name) => container(name, number)),
      nodeName: `node-${Math.floor(number / PODS_PER_NODE)}`,
      tolerations: [{ effect: 'NoExecute', key: 'node.kubernetes.io/not-ready', tolerationSeconds: 300 }],
      volumes: [
        { name: 'credentials', secret: { secretName: `credentials-${object}`, defaultMode: 420 } },
        { name: 'settings', configMap: { name: `settings-${object}`, defaultMode: 420 } },
        { name: 'kube-api-access', projected: { sources: [{ configMap: { name: 'kube-root-ca.crt' } }] } },
      ],
    },
    status: {
      phase: 'Running',
      conditions: ['Initialized', 'Ready', 'ContainersReady', 'PodScheduled'].map((type) => ({
        lastTransitionTime: MANAGED_AT,
        status: 'True',
        type,
      })),
      containerStatuses: containers.map((name) => ({ name, ready: true, restartCount: 0, state: { running: {} } })),
    },
  };
}

function objects(number: number): readonly object[] {
  const place = number * NAMESPACES + (number % NAMESPACES);
  return [
    {
      apiVersion: 'v1',
      data: { password: Buffer.from(`password ${number}`).toString('base64'), 'tls.key': 'QUJD'.repeat(800) },
      kind: 'Secret',
      metadata: metadata('Secret', `credentials-${number}`, place),
      type: 'Opaque',
    },
    {
      apiVersion: 'v1',
      data: { 'settings.yaml': '# für alle 😀\n' + 'key: "value"\n'.repeat(150) },
      kind: 'ConfigMap',
      metadata: metadata('ConfigMap', `settings-${number}`, place),
    },
  ];
}

const node = (number: number): object => ({
  apiVersion: 'v1',
  kind: 'Node',
  metadata: metadata('Node', `node-${number}`, number),
  status: { nodeInfo: { kubeletVersion: 'v1.33.2' } },
});

/** Writes what kubectl prints of a cluster's nodes, pods and objects, of about so many bytes. */
export function writeDump(file: number, bytes: number): void {
  writeSync(file, '{\n    "apiVersion": "v1",\n    "items": [');
  let written = 0;
  for (let number = 0; written < bytes; number++) {
    const items = [
      ...(number % PODS_PER_NODE === 0 ? [node(number / PODS_PER_NODE)] : []),
      ...(number % PODS_PER_OBJECT === 0 ? objects(number / PODS_PER_OBJECT) : []),
      pod(number),
    ];
    const text = items.map((item) => JSON.stringify(item, null, 4).replaceAll('\n', '\n        '));
    written += writeSync(file, `${number === 0 ? '' : ','}\n        ${text.join(',\n        ')}`);
  }
  writeSync(file, '\n    ],\n    "kind": "List",\n    "metadata": {\n        "resourceVersion": ""\n    }\n}\n');
}
