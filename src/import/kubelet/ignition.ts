import { isGzip } from '../../experiment/language/values/foreign-format.js';
import { InputError } from '../../experiment/language/values/input-error.js';
import { formatOrigin, nodeAt, type Located, type LocatedScalar } from '../../experiment/language/values/located.js';

/** A document within another one. */
export interface EmbeddedText {
  /** Unpacks it, where it is packed. Throws an InputError where it cannot be decoded. */
  readonly text: () => Promise<string>;
  /** What it is called in messages. */
  readonly label: string;
}

/** Where nodes have a kubelet's configuration: the file itself, and its drop-in files. */
const BASE_FILE = /\/kubelet(?:\.conf|\.ya?ml|\.json|-config\.(?:ya?ml|json))$|\/kubelet\/config\.(?:ya?ml|json)$/;
const DROP_IN_FILE = /\/kubelet(?:\.conf)?\.d\/[^/]+\.conf$/;

/** As much as a file of its own may have. */
const BYTES_MAX = 1024 * 1024;

/**
 * The kubelet's configuration among the files that an Ignition config writes on a node, its drop-in files behind it in
 * the order of their names. Throws an InputError where there is none.
 */
export function ignitionFiles(config: Located): EmbeddedText[] {
  const files = nodeAt(config, ['storage', 'files']);
  const named = (files?.type === 'list' ? files.items : []).map((file) => ({ file, path: textAt(file, 'path') ?? '' }));
  const base = named.filter(({ path }) => BASE_FILE.test(path));
  const dropIns = named.filter(({ path }) => DROP_IN_FILE.test(path)).sort((a, b) => (a.path < b.path ? -1 : 1));
  if (base.length + dropIns.length === 0) {
    throw new InputError([
      `${formatOrigin(config.origin)}: writes no file kubelet.conf; give the machine configuration that does ` +
        '(in OpenShift rendered-worker-… or 01-worker-kubelet), or the file itself',
    ]);
  }
  return [...base, ...dropIns].map(({ file }) => contentsOf(file));
}

function contentsOf(file: Located): EmbeddedText {
  const inline = nodeAt(file, ['contents', 'inline']);
  const source = nodeAt(file, ['contents', 'source']);
  const origin = formatOrigin((inline ?? source ?? file).origin);
  const label = `${origin} (kubelet.conf)`;
  if (inline?.type === 'scalar') return { text: () => Promise.resolve(inline.text), label };
  if (source?.type !== 'scalar') throw new InputError([`${origin}: the file kubelet.conf has no contents.source`]);
  const isGzipped = textAt(file, 'contents', 'compression') === 'gzip';
  return {
    text: async () => {
      const bytes = await dataOf(source);
      return new TextDecoder().decode(isGzipped || isGzip(bytes) ? await unpacked(bytes, origin) : bytes);
    },
    label,
  };
}

/** The bytes of a data URL (RFC 2397). */
async function dataOf({ text, origin }: LocatedScalar): Promise<Uint8Array<ArrayBuffer>> {
  const url = /^data:([^,]*),(.*)$/s.exec(text);
  if (url === null) {
    throw new InputError([
      `${formatOrigin(origin)}: the contents of kubelet.conf are elsewhere (contents.source is no data: URL); give the file itself`,
    ]);
  }
  const [, form, data] = url;
  const bytes = await percentDecoded(data);
  if (!/;base64$/i.test(form)) return bytes;
  const encoded = new TextDecoder('latin1').decode(bytes).replace(/\s+/g, '').replaceAll('-', '+').replaceAll('_', '/');
  try {
    return Uint8Array.from(atob(encoded), (character) => character.charCodeAt(0));
  } catch {
    throw new InputError([
      `${formatOrigin(origin)}: the contents of kubelet.conf are not base64, though their data: URL says so`,
    ]);
  }
}

/** A percent sign that begins no code stands for itself, as browsers take it. */
async function percentDecoded(text: string): Promise<Uint8Array<ArrayBuffer>> {
  const parts = text.split(/((?:%[0-9A-Fa-f]{2})+)/);
  const decoded = parts.map((part, index) =>
    index % 2 === 1 ? Uint8Array.from(part.split('%').slice(1), (code) => parseInt(code, 16)) : part,
  );
  return new Uint8Array(await new Blob(decoded).arrayBuffer());
}

async function unpacked(bytes: Uint8Array<ArrayBuffer>, origin: string): Promise<Uint8Array> {
  const pieces: Uint8Array<ArrayBuffer>[] = [];
  let size = 0;
  try {
    for await (const piece of new Blob([bytes]).stream().pipeThrough(new DecompressionStream('gzip'))) {
      pieces.push(piece as Uint8Array<ArrayBuffer>);
      size += (piece as Uint8Array).length;
      if (size > BYTES_MAX) break;
    }
  } catch {
    size = Infinity; // No gzip data, or not all of it.
  }
  if (size <= BYTES_MAX) return new Uint8Array(await new Blob(pieces).arrayBuffer());
  throw new InputError([`${origin}: the contents of kubelet.conf are no whole gzip data, or more than 1 MiB`]);
}

function textAt(node: Located, ...path: readonly string[]): string | undefined {
  const found = nodeAt(node, path);
  return found?.type === 'scalar' ? found.text : undefined;
}
