import { gunzipSync } from 'node:zlib';
import { isGzip } from '../../experiment/language/values/foreign-format.js';
import { InputError } from '../../experiment/language/values/input-error.js';
import { formatOrigin, nodeAt, type Located, type LocatedScalar } from '../../experiment/language/values/located.js';

/** A document within another one. */
export interface EmbeddedText {
  readonly text: string;
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
 * the order of their names. Throws an InputError where there is none, or where it cannot be decoded.
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
  if (inline?.type === 'scalar') return { text: inline.text, label };
  if (source?.type !== 'scalar') throw new InputError([`${origin}: the file kubelet.conf has no contents.source`]);
  const bytes = dataOf(source);
  const isPacked = textAt(file, 'contents', 'compression') === 'gzip' || isGzip(bytes);
  return { text: (isPacked ? unpacked(bytes, origin) : bytes).toString('utf8'), label };
}

/** The bytes of a data URL (RFC 2397). */
function dataOf({ text, origin }: LocatedScalar): Buffer {
  const url = /^data:([^,]*),(.*)$/s.exec(text);
  if (url === null) {
    throw new InputError([
      `${formatOrigin(origin)}: the contents of kubelet.conf are elsewhere (contents.source is no data: URL); give the file itself`,
    ]);
  }
  const [, form, data] = url;
  const bytes = percentDecoded(data);
  if (!/;base64$/i.test(form)) return bytes;
  const encoded = bytes.toString('latin1').replace(/\s+/g, '');
  if (/^[A-Za-z0-9+/_-]*={0,2}$/.test(encoded)) return Buffer.from(encoded, 'base64');
  throw new InputError([
    `${formatOrigin(origin)}: the contents of kubelet.conf are not base64, though their data: URL says so`,
  ]);
}

/** A percent sign that begins no code stands for itself, as browsers take it. */
function percentDecoded(text: string): Buffer {
  const parts = text.split(/((?:%[0-9A-Fa-f]{2})+)/);
  return Buffer.concat(
    parts.map((part, index) => (index % 2 === 1 ? Buffer.from(part.replaceAll('%', ''), 'hex') : Buffer.from(part))),
  );
}

function unpacked(bytes: Buffer, origin: string): Buffer {
  try {
    return gunzipSync(bytes, { maxOutputLength: BYTES_MAX });
  } catch {
    throw new InputError([`${origin}: the contents of kubelet.conf are no whole gzip data, or more than 1 MiB`]);
  }
}

function textAt(node: Located, ...path: readonly string[]): string | undefined {
  const found = nodeAt(node, path);
  return found?.type === 'scalar' ? found.text : undefined;
}
