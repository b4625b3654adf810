const ASK_KUBECTL = 'kubectl get nodes,pods,secrets,configmaps -A -o json';

/**
 * Why text that begins like this is not JSON as kubectl prints it; undefined where it may be.
 * Nothing of the text itself is repeated: it may be a secret.
 */
export function foreignFormat(head: Uint8Array): string | undefined {
  const [first, second] = head;
  if ((first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff) || (second === 0 && first !== 0)) {
    return `is UTF-16 text, which PowerShell's > writes; write it as UTF-8: ${ASK_KUBECTL} | Out-File -Encoding utf8 FILE`;
  }
  if (head.includes(0)) return `is a binary file; needed is the output of ${ASK_KUBECTL}`;
  const text = String.fromCharCode(...head.subarray(0, 1024)).trimStart();
  if (text === '' || text.startsWith('{')) return undefined;
  if (text.startsWith('[')) return 'is a JSON array; needed is the List object that kubectl prints around its items';
  if (text.startsWith('<')) return `is an HTML or XML page (a log-in page?); needed is the output of ${ASK_KUBECTL}`;
  if (/^(?:---|apiVersion:|kind:|items:|metadata:|- |#)/.test(text)) {
    return `is YAML, which takes too long to read at this size; ask kubectl for -o json: ${ASK_KUBECTL}`;
  }
  if (/^NAME(?:SPACE)?\s/.test(text)) return `is a table for people; ask kubectl for -o json: ${ASK_KUBECTL}`;
  return `is not JSON; needed is the output of ${ASK_KUBECTL}`;
}

/** First two bytes of gzip data (RFC 1952). */
export const GZIP_MAGIC = [0x1f, 0x8b];

/** True where bytes begin as gzip data do. */
export function isGzip(bytes: Uint8Array): boolean {
  return GZIP_MAGIC.every((byte, index) => bytes[index] === byte);
}
