import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { InputError } from '../../src/experiment/language/values/input-error.js';

/** Fields as they stand in a Kubernetes object. */
export type Fields = Readonly<Record<string, unknown>>;

export function node(
  name: string,
  annotations: Fields = {},
  kubeletVersion = 'v1.30.1',
  metadata: Fields = {},
): Fields {
  return { kind: 'Node', metadata: { name, annotations, ...metadata }, status: { nodeInfo: { kubeletVersion } } };
}

/** A pod of namespace `shop` on `node-1`. */
export function pod(name: string, spec: Fields = {}, metadata: Fields = {}, phase = 'Running'): Fields {
  return {
    kind: 'Pod',
    metadata: { name, namespace: 'shop', ...metadata },
    spec: { nodeName: 'node-1', containers: [], ...spec },
    status: { phase },
  };
}

export function secret(name: string, data: Fields = {}, fields: Fields = {}): Fields {
  return { kind: 'Secret', metadata: { name, namespace: 'shop' }, type: 'Opaque', data, ...fields };
}

export function configMap(name: string, data: Fields = {}, fields: Fields = {}): Fields {
  return { kind: 'ConfigMap', metadata: { name, namespace: 'shop' }, data, ...fields };
}

/** What kubectl prints for several objects: its fields are sorted by name. */
export function list(...items: readonly Fields[]): string {
  return JSON.stringify({ apiVersion: 'v1', items, kind: 'List', metadata: { resourceVersion: '' } }, null, 4);
}

/** A folder for one test. */
export class TestFolder {
  readonly path: string;

  private constructor(path: string) {
    this.path = path;
  }

  static async create(): Promise<TestFolder> {
    return new TestFolder(await mkdtemp(join(tmpdir(), 'secretsim-import-')));
  }

  /** Writes a file and returns its path. */
  async write(name: string, content: string | Uint8Array): Promise<string> {
    await writeFile(join(this.path, name), content);
    return join(this.path, name);
  }

  file(name: string): string {
    return join(this.path, name);
  }

  async remove(): Promise<void> {
    await rm(this.path, { recursive: true });
  }
}

/** The message of the InputError that the work ends in. */
export async function inputError(work: () => unknown): Promise<string> {
  try {
    await work();
  } catch (error) {
    if (error instanceof InputError) return error.message;
    throw error;
  }
  throw new Error('no InputError was thrown');
}
