import { InputError } from './values/input-error.js';
import { accepts, fieldSchema, type JsonSchema } from './values/json-schema.js';
import {
  formatOrigin,
  locate,
  nodeAt,
  overlay,
  replaceAt,
  textAt,
  type Located,
  type LocatedEntry,
  type LocatedMap,
} from './values/located.js';
import { parsed, type Parsed } from './values/parsed.js';
import { parsePath } from './values/path-text.js';
import { quotePath } from './quoting.js';
import { resolvePath } from './paths.js';
import { findPreset } from './presets.js';
import { found } from './problems.js';
import { withoutFactorOf } from './replaced-factors.js';
import { KIND } from './schema.js';
import { parseValue } from './source.js';

/** What is laid over the files. */
export interface Overrides {
  /** `PATH=VALUE`, PATH inside `spec`, VALUE in YAML. */
  readonly set?: readonly string[];
  readonly seed?: string;
  readonly replications?: number;
}

/** Reads a document with the place of every value, from wherever this program finds it. */
export type ReadSource = (file: string) => Promise<Located>;

/** Files that are given to `run` by mistake, by their `kind`. */
const OTHER_KINDS: Readonly<Record<string, string>> = {
  List: 'the output of kubectl: secretsim import --cluster FILE makes an experiment of it',
  KubeletConfiguration: 'a KubeletConfiguration: secretsim import --kubelet FILE takes its settings over',
  Topology: 'a topology file: name it in spec.cluster.topology of an experiment',
};

/**
 * The document that the files, the preset and the overrides make together, lowest layer first: preset,
 * files in order, `--set` in order, `--seed` and `--replications`. Throws an InputError with all problems
 * of all files, or of all overrides.
 * @param read one of the files; its InputError is a problem of that file
 */
export async function readLayers(
  files: readonly string[],
  overrides: Overrides,
  schema: JsonSchema,
  read: ReadSource,
): Promise<LocatedMap> {
  if (files.length === 0) throw new InputError(['no experiment file is given']);
  const results = await Promise.all(files.map((file) => readLayer(file, schema, read)));
  const problems = results.flatMap((result) => (result instanceof InputError ? result.problems : []));
  if (problems.length > 0) throw new InputError(problems);
  const layers = results.filter((result): result is Located => !(result instanceof InputError));
  const document = layers.reduce<Located | undefined>((below, layer) => overlay(below, layer), undefined);
  if (document?.type !== 'map') throw new TypeError('layers of maps make a map');
  const spec = nodeAt(document, ['spec']);
  if (spec !== undefined && spec.type !== 'map') return document;
  const empty: LocatedMap = { type: 'map', origin: document.origin, entries: new Map() };
  return withSpec(document, applyOverrides(spec ?? empty, overrides, fieldSchema(schema, 'spec') ?? {}));
}

function withSpec(document: LocatedMap, spec: Located): LocatedMap {
  const entry: LocatedEntry = { keyOrigin: document.entries.get('spec')?.keyOrigin ?? spec.origin, value: spec };
  return { ...document, entries: new Map([...document.entries, ['spec', entry]]) };
}

async function readLayer(file: string, schema: JsonSchema, read: ReadSource): Promise<Located | InputError> {
  try {
    const tree = await read(file);
    const at = formatOrigin(tree.origin);
    if (tree.type !== 'map') {
      return new InputError([`${at}: ${found(tree)}, expected the fields apiVersion, kind, metadata and spec`]);
    }
    const kind = textAt(tree, 'kind');
    if (kind !== undefined && kind !== KIND && Object.hasOwn(OTHER_KINDS, kind)) {
      return new InputError([`${at}: not an experiment, but ${OTHER_KINDS[kind]}`]);
    }
    return fillEmptySections(tree, schema);
  } catch (error) {
    if (error instanceof InputError) return error;
    throw error;
  }
}

/** A section without content, such as `kubelet:` before a comment, counts as one without fields. */
function fillEmptySections(node: Located, schema: JsonSchema | undefined): Located {
  if (node.type === 'scalar') {
    if (node.value !== null || node.text === '~') return node;
    if (accepts(schema, 'object')) return { type: 'map', origin: node.origin, entries: new Map() };
    return accepts(schema, 'array') ? { type: 'list', origin: node.origin, items: [] } : node;
  }
  if (node.type === 'list') {
    return { ...node, items: node.items.map((item) => fillEmptySections(item, fieldSchema(schema, 0))) };
  }
  const entries = [...node.entries].map(([key, { keyOrigin, value }]): [string, LocatedEntry] => [
    key,
    { keyOrigin, value: fillEmptySections(value, fieldSchema(schema, key)) },
  ]);
  return { ...node, entries: new Map(entries) };
}

function applyOverrides(files: Located, overrides: Overrides, schema: JsonSchema): Located {
  const problems: string[] = [];
  const sets = (overrides.set ?? []).flatMap((text, index) => {
    try {
      return [parseSet(text, index)];
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
      problems.push(...error.problems);
      return [];
    }
  });
  const chosen =
    sets.findLast(({ names }) => names.length === 1 && names[0] === 'preset')?.value ?? nodeAt(files, ['preset']);
  const preset = chosen?.type === 'scalar' ? findPreset(chosen.text) : undefined;
  let spec = preset === undefined ? files : overlay(locate(preset.spec, { source: `preset ${preset.name}` }), files);
  for (const { names, value } of sets) {
    const changed = withValue(spec, names, value, schema);
    if (changed.ok) spec = changed.value;
    else problems.push(`${value.origin.source}: ${changed.reason}`);
  }
  if (problems.length > 0) throw new InputError(problems);
  const { seed, replications } = overrides;
  if (seed !== undefined) spec = replaceAt(spec, ['seed'], locate(seed, { source: '--seed' }));
  if (replications === undefined) return spec;
  return replaceAt(spec, ['replications'], locate(replications, { source: '--replications' }));
}

/** The spec with a field set; a factor of that field gives way. */
function withValue(spec: Located, names: readonly string[], value: Located, schema: JsonSchema): Parsed<Located> {
  const steps = resolvePath(names, spec, schema);
  if (!steps.ok) return steps;
  const free = withoutFactorOf(spec, steps.value, schema);
  return free.ok ? parsed(replaceAt(free.value, steps.value, value)) : free;
}

/**
 * Reads `PATH=VALUE`; an `=` inside brackets belongs to the path.
 * @param index of the option among its like, from 0: it is called by its path as far as that is ours
 */
function parseSet(text: string, index: number): { readonly names: readonly string[]; readonly value: Located } {
  const number = `--set number ${index + 1}`;
  const match = /^((?:[^="[]|\[\s*"(?:[^"\\]|\\.)*"\s*\]|\[\d+\])+)=(.*)$/s.exec(text);
  if (match === null) throw new InputError([`${number}: expected PATH=VALUE, such as --set cluster.nodes=100`]);
  const names = parsePath(match[1].trim());
  if (!names.ok) throw new InputError([`${number}: ${names.reason}`]);
  const path = quotePath(names.value);
  const source = path.includes('…') ? number : `--set ${path}`;
  return { names: names.value, value: parseValue(match[2], { source }) };
}
