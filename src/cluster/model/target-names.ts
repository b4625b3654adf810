import type { ObjectClass } from './model-input.js';
import { timelineName, type TopologyObject } from './topology-file.js';

/** True for a pattern: no name of a Kubernetes object has one of these characters (RFC 1123). */
export function isPattern(target: string): boolean {
  return /[*?]/.test(target);
}

/**
 * Whether names are of a pattern, as a shell has it: `*` is any number of characters, `?` is one, and neither is the
 * slash between namespace and name. Any other character stands for itself.
 */
export function patternMatcher(pattern: string): (name: string) => boolean {
  const parts = pattern.split('/');
  return (name) => {
    const names = name.split('/');
    return names.length === parts.length && parts.every((part, i) => matchesPart(part, names[i]));
  };
}

/** Never goes back further than to the last `*`: a regular expression would try out every way to share a name out. */
function matchesPart(pattern: string, name: string): boolean {
  let [at, star, resume] = [0, -1, 0];
  for (let i = 0; i < name.length;) {
    if (pattern[at] === '*') {
      star = at++;
      resume = i;
    } else if (pattern[at] === '?' || pattern[at] === name[i]) {
      at++;
      i++;
    } else if (star < 0) {
      return false;
    } else {
      at = star + 1;
      i = ++resume;
    }
  }
  return /^\**$/.test(pattern.slice(at));
}

/**
 * Whether an object of an imported cluster is meant by a target. A pattern means what the cluster has; of objects that
 * pods refer to and that are not there, it means none.
 */
export function objectMatcher(target: string, kind: string | null): (object: TopologyObject) => boolean {
  if (!isPattern(target)) {
    return (object) => timelineName(object) === target && (kind === null || object.kind === kind);
  }
  const matches = patternMatcher(target);
  return (object) => object.missing !== true && isOfKind(object, kind) && matches(timelineName(object));
}

/** The classes of a target: the one of this name, else those that match it as a pattern and are of the kind. */
export function classesOf<Class extends Pick<ObjectClass, 'name' | 'kind'>>(
  classes: readonly Class[],
  target: string,
  kind: string | null,
): readonly Class[] {
  const known = classes.find(({ name }) => name === target);
  if (known !== undefined) return [known];
  if (!isPattern(target)) return [];
  const matches = patternMatcher(target);
  return classes.filter((each) => isOfKind(each, kind) && matches(each.name));
}

/** A pattern never means a PodCertificateRequest: its kubelet renews it, and nobody else can write it. */
function isOfKind({ kind }: Pick<ObjectClass, 'kind'>, wanted: string | null): boolean {
  return kind !== 'PodCertificateRequest' && (wanted === null || kind === wanted);
}
