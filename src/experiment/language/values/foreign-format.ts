const ASK_KUBECTL = 'kubectl get nodes,pods,secrets,configmaps -A -o json';

/** So much of a text tells what it is. */
const HEAD_BYTES = 1024;

/**
 * Why text that begins like this is not JSON as kubectl prints it; undefined where it may be.
 * Nothing of the text itself is repeated: it may be a secret.
 */
export function foreignFormat(head: Uint8Array): string | undefined {
  const [first, second] = head;
  if ((first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff) || (second === 0 && first !== 0)) {
    return `is UTF-16 text, which PowerShell's > writes; write it as UTF-8: ${ASK_KUBECTL} | Out-File -Encoding utf8 FILE`;
  }
  const archive = archiveOf(head);
  if (archive !== undefined) return `${archive} and give the file or folder`;
  if (head.includes(0)) return `is a binary file; needed is the output of ${ASK_KUBECTL}`;
  if (isMessage(head)) {
    return `begins with a message of kubectl; needed is its standard output alone (no 2>&1): ${ASK_KUBECTL} > FILE`;
  }
  const text = String.fromCharCode(...head.subarray(0, HEAD_BYTES)).trimStart();
  if (text === '' || text.startsWith('{') || text.startsWith('[')) return undefined;
  if (text.startsWith('<')) return `is an HTML or XML page (a log-in page?); needed is the output of ${ASK_KUBECTL}`;
  if (looksLikeYaml(head)) return `is YAML; ask kubectl for -o json: ${ASK_KUBECTL}`;
  if (/^NAME(?:SPACE)?\s/.test(text)) return `is a table for people; ask kubectl for -o json: ${ASK_KUBECTL}`;
  return `is not JSON; needed is the output of ${ASK_KUBECTL}`;
}

/** First bytes of what else is given by mistake. */
const ARCHIVES: readonly (readonly [string, readonly number[]])[] = [
  ['a zip archive', [0x50, 0x4b]],
  ['a 7z archive', [0x37, 0x7a, 0xbc, 0xaf]],
  ['compressed with xz', [0xfd, 0x37, 0x7a, 0x58, 0x5a]],
  ['compressed with zstd', [0x28, 0xb5, 0x2f, 0xfd]],
  ['compressed with bzip2', [0x42, 0x5a, 0x68]],
];

/** `is a tar archive; unpack it`, for bytes that begin so. */
export function archiveOf(head: Uint8Array): string | undefined {
  const name = isTar(head)
    ? 'a tar archive'
    : ARCHIVES.find(([, magic]) => magic.every((byte, at) => head[at] === byte))?.[0];
  return name === undefined ? undefined : `is ${name}; unpack it`;
}

/** What kubectl and oc print beside their output, which `2>&1` writes into a file. */
const MESSAGES = /^(?:Warning: |[EWI]\d{4} \d\d:|error: |Error from server|Unable to connect|No resources found)/;

/** True for text that begins with a message for people. */
function isMessage(head: Uint8Array): boolean {
  return MESSAGES.test(String.fromCharCode(...head.subarray(0, 40)));
}

/** POSIX writes its name behind the first entry's header (pax). */
function isTar(head: Uint8Array): boolean {
  return String.fromCharCode(...head.subarray(257, 262)) === 'ustar';
}

/** True for text that begins as a Kubernetes object in YAML does. */
export function looksLikeYaml(head: Uint8Array): boolean {
  if (isMessage(head)) return false;
  const text = String.fromCharCode(...head.subarray(0, HEAD_BYTES));
  // Comments may come first, and any field: kubectl sorts them, people do not.
  return !head.includes(0) && /^(?:[ \t\r]*(?:#[^\n]*)?\n)*(?:---|%YAML|- |[A-Za-z][\w.-]*:(?:\s|$))/.test(text);
}

/** First two bytes of gzip data (RFC 1952). */
export const GZIP_MAGIC = [0x1f, 0x8b];

/** True where bytes begin as gzip data do. */
export function isGzip(bytes: Uint8Array): boolean {
  return GZIP_MAGIC.every((byte, index) => bytes[index] === byte);
}
