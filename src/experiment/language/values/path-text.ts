import { parsed, rejected, type Parsed } from './parsed.js';

const FORM = 'a path is names joined by dots, such as cluster.nodes or objects["kube-root-ca.crt"].immutable';

/**
 * The names of a path: `cluster.nodes`, `timeline.0.at`, and `["kube-root-ca.crt"]` for a name that
 * contains dots (with or without a dot before the bracket).
 */
export function parsePath(text: string): Parsed<readonly string[]> {
  const segment = /(?:^|(?!^)\.)([^.[\]"=]+)|(?:^|(?!^)\.?)\[\s*("(?:[^"\\]|\\.)*"|\d+)\s*\]/y;
  const names: string[] = [];
  while (segment.lastIndex < text.length) {
    const match = segment.exec(text);
    if (match === null) return rejected(FORM);
    const bare = match.at(1);
    const name = bare === undefined ? unquote(match[2]) : bare.trim();
    if (name === undefined || (bare !== undefined && name === '')) return rejected(FORM);
    names.push(name);
  }
  return names.length === 0 ? rejected(FORM) : parsed(names);
}

/** The text within a JSON string; a number is its own name. Undefined where the escapes are wrong. */
function unquote(text: string): string | undefined {
  try {
    return String(JSON.parse(text));
  } catch {
    return undefined;
  }
}

/** A path of names as text, brackets around names that need them. */
export function formatPath(names: readonly string[]): string {
  return names.reduce(
    (path, name) =>
      /^[^.[\]"=]+$/.test(name) && name === name.trim()
        ? path + (path === '' ? '' : '.') + name
        : `${path}[${JSON.stringify(name)}]`,
    '',
  );
}
