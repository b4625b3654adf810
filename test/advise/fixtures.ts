import type { Advice } from '../../src/advise/advice.js';
import { adviceOn } from '../../src/advise/advise.js';
import type { JudgedObject } from '../../src/advise/judged-objects.js';
import { readDump, type Dump } from '../../src/advise/read-dump.js';
import { ASSUMED_SIZE_BYTES } from '../../src/import/assumed-size.js';
import type { KubeletSettings } from '../../src/import/kubelet/settings.js';
import { list, pod, TestFolder, type Fields } from '../import/kubernetes.js';

/** The newest time of the dumps below. */
export const NOW = '2026-03-01T00:00:00Z';

/** A node whose heartbeat dates the dump. */
export function datedNode(name: string, kubeletVersion = 'v1.33.2', annotations: Fields = {}): Fields {
  const status = { nodeInfo: { kubeletVersion }, conditions: [{ type: 'Ready', lastHeartbeatTime: NOW }] };
  return { kind: 'Node', metadata: { name, annotations }, status };
}

/** A pod of `shop` that mounts a Secret. */
export const mounting = (name: string, secretName: string, nodeName = 'node-1', optional = false): Fields =>
  pod(name, { nodeName, volumes: [{ name: 'v', secret: { secretName, optional } }] });

/** A Secret of `shop` that was created at the start of 2025, with other metadata. */
export function oldSecret(name: string, metadata: Fields = {}, fields: Fields = {}): Fields {
  return {
    kind: 'Secret',
    metadata: { name, namespace: 'shop', creationTimestamp: '2025-01-01T00:00:00Z', managedFields: [], ...metadata },
    type: 'Opaque',
    data: { key: 'QUFBQQ==' },
    ...fields,
  };
}

/** An entry of managedFields. */
export const written = (
  time: string,
  manager = 'kubectl',
  fieldsV1: Fields = { 'f:data': { 'f:key': {} } },
): Fields => ({
  manager,
  operation: 'Update',
  time,
  fieldsV1,
});

const DAY_US = 86_400e6;

/** The advice on a dump of some items, with 30 days as the threshold. */
export async function adviceOf(items: readonly Fields[], kubelet: KubeletSettings = {}, days = 30): Promise<Advice> {
  return adviceOn(await dumpOf(items), kubelet, days * DAY_US);
}

/** A dump of some items. */
export async function dumpOf(items: readonly Fields[]): Promise<Dump> {
  const folder = await TestFolder.create();
  try {
    return await readDump([await folder.write('dump.json', list(...items))], ASSUMED_SIZE_BYTES);
  } finally {
    await folder.remove();
  }
}

/** An object of the advice, by name. */
export function find({ objects }: Advice, name: string): JudgedObject {
  const found = objects.find(({ object }) => object.name === name);
  if (found === undefined) throw new Error(`no object ${name}`);
  return found;
}
