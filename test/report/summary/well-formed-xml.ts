/** Text between tags, and in quotes: what XML 1.0 allows there of what we write. */
const TEXT = String.raw`(?:[^<&"\p{Cs}\uFFFE\uFFFF\p{Cc}]|[\n\t]|&(?:amp|lt|gt|quot|#39);)*`;
const TAG = new RegExp(`<(/?)([a-z-]+)((?: [a-z]+="${TEXT}")*)(/?)>`, 'uy');
const BETWEEN = new RegExp(TEXT, 'uy');

/**
 * What is wrong with a document of elements and attributes (no comments, no CDATA) by the rules of XML 1.0; null where it
 * is well-formed. Stricter than the parsers of HTML that are at hand, which forgive everything.
 */
export function xmlFault(document: string): string | null {
  const declaration = '<?xml version="1.0" encoding="UTF-8"?>\n';
  if (!document.startsWith(declaration)) return 'no declaration';
  const open: string[] = [];
  let at = declaration.length;
  let roots = 0;
  while (at < document.length) {
    TAG.lastIndex = at;
    const tag = TAG.exec(document);
    if (tag === null) return `neither tag nor text at ${JSON.stringify(document.slice(at, at + 40))}`;
    const [, closes, name, , empty] = tag;
    if (closes === '/') {
      if (open.pop() !== name) return `</${name}> closes another`;
    } else {
      if (open.length === 0) roots++;
      if (empty === '') open.push(name);
    }
    BETWEEN.lastIndex = TAG.lastIndex;
    BETWEEN.exec(document);
    at = BETWEEN.lastIndex;
  }
  if (open.length > 0) return `${open.join(', ')} not closed`;
  return roots === 1 ? null : `${roots} roots`;
}
