/**
 * The one place that decides what of an input may be repeated in a message. An input can be any file, given by mistake:
 * a dump, a Secret, a kubeconfig. So nothing of its text is repeated – no value, no number, no unknown field – but
 * names of our own schema; everything else is told by its place (file, line, column, index) and by its kind. What the
 * user may have meant is offered from our own names, too.
 *
 * One more thing is known to be a name: what stands in a name field of a document that the schema has accepted as a
 * whole. It stands in every result, and may be offered where it is near (`nearbyName`).
 */
import type * as z from 'zod';
import { METRICS } from '../../cluster/model/run-record.js';
import type { Step } from './values/located.js';
import { nearestName } from './values/nearest-name.js';
import { formatPath, parsePath } from './values/path-text.js';
import { PRESETS } from './presets.js';
import { jsonSchema } from './schema.js';
import { SERVICE_ACCOUNT_CLASSES } from './service-account-material.js';

/** In the place of a name that is not ours. */
const OTHER = '…';

/** An index of a list that was written by hand; longer numbers may mean something. */
const INDEX = /^\d{1,3}$/;

/** Joins the paths of a factor's fields. */
const PAIR = ' & ';

/** Fields of the other files that this program writes and reads: topologies and manifests; and labels of its own. */
const OTHER_FIELDS = [
  ...['pods', 'uses', 'node', 'object', 'volume', 'workload', 'pending', 'startsAfterSeconds', 'ttlSeconds', 'missing'],
  ...['pool', 'workloads', 'ownerKind', 'maxUnavailable', 'onDelete', 'managedBy', 'refreshSeconds'],
  ...['type', 'namespace', 'tool', 'version', 'complete', 'hash', 'scenarios', 'runs', 'run_id', 'scenario', 'notes'],
  ...['replication', 'fingerprint', 'failed', 'message', 'warnings', 'warning', 'files', 'rows', 'sha256', 'inputs'],
  ...['path', 'experiment', 'strategy'],
];

let vocabulary: ReadonlySet<string> | undefined;

/** Whether a text is a name of our own: a field, an allowed word, a preset or what a preset brings, a metric. */
export function isOurs(text: string): boolean {
  return (vocabulary ??= ownNames()).has(text);
}

function ownNames(): ReadonlySet<string> {
  const names = new Set<string>([...METRICS, ...OTHER_FIELDS]);
  collectNames(jsonSchema(), names);
  for (const { name, spec } of PRESETS) {
    names.add(name);
    for (const object of spec.objects) names.add(object.name);
  }
  for (const { name } of SERVICE_ACCOUNT_CLASSES) names.add(name);
  return names;
}

/** Field names and allowed words anywhere in a JSON Schema. */
function collectNames(schema: unknown, names: Set<string>): void {
  if (typeof schema !== 'object' || schema === null) return;
  for (const [key, value] of Object.entries(schema)) {
    if (key === 'properties') for (const name of Object.keys(value as object)) names.add(name);
    if (key === 'const' && typeof value === 'string') names.add(value);
    if (key === 'enum') for (const word of value as readonly unknown[]) names.add(String(word));
    collectNames(value, names);
  }
}

/** A path for a message: our own names and indices; other names are left open. */
export function quotePath(steps: readonly Step[]): string {
  return formatPath(steps.map((step) => (typeof step === 'number' ? String(step) : quoteStep(step))));
}

/** A factor is known by its path, which is a single step. */
function quoteStep(step: string): string {
  if (isOurs(step) || INDEX.test(step)) return step;
  return /[.&]/.test(step) ? quotePathText(step) : OTHER;
}

/** The same for a path that was written as text, or several that are joined by ` & `. */
export function quotePathText(text: string): string {
  return text
    .split(PAIR)
    .map((part) => {
      const names = parsePath(part.trim());
      return names.ok
        ? formatPath(names.value.map((name) => (isOurs(name) || INDEX.test(name) ? name : OTHER)))
        : OTHER;
    })
    .join(PAIR);
}

/** What is wrong with a value, of the issues of a schema: those of unknown fields would repeat their names. */
export function issueText(issue: z.core.$ZodIssue): string {
  return issue.code === 'unrecognized_keys' ? 'has a field that is not known here' : issue.message;
}

/** Names as Kubernetes has them (RFC 1123 subdomains), with a namespace or without. */
const KUBERNETES_NAME = /^[a-z0-9]([-a-z0-9.]*[a-z0-9])?(\/[a-z0-9]([-a-z0-9.:]*[a-z0-9])?)?$/;

/** `; did you mean X?` of the names in a document that the schema has accepted, or nothing where none is near. */
export function nearbyName(name: string, known: Iterable<string>): string {
  const near = nearestName(name, known);
  return near !== undefined && KUBERNETES_NAME.test(near) ? `; did you mean ${near}?` : '';
}

/** ` namespace/name` of an object where that is a name as Kubernetes has them; nothing for any other text. */
export function quoteObject(id: string): string {
  return KUBERNETES_NAME.test(id) ? ` ${id}` : '';
}

/** The version in a file that says which program wrote it; `another version` for anything else. */
export function quoteVersion(version: unknown): string {
  return typeof version === 'string' && /^\d{1,5}(\.\d{1,5}){1,3}(-[a-z]{1,10}(\.\d{1,5})?)?$/.test(version)
    ? version
    : 'another version';
}
