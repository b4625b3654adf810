import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { readBytes } from '../../experiment/language/input-bytes.js';
import { InputError } from '../../experiment/language/values/input-error.js';
import { archiveOf } from '../../experiment/language/values/foreign-format.js';
import { formatOrigin, nodeAt, type Located } from '../../experiment/language/values/located.js';
import { parseDocuments, sourceLabel, STDIN } from '../../experiment/language/source.js';
import { flagsOfText, isFlagsText, layerOfFlags, namesConfiguration, type KubeletFlag } from './flags.js';
import { isKubeletForm, configurationParts, type ConfigurationParts } from './forms.js';
import { layerOfFields, mergeLayers, type KubeletLayer, type KubeletSettings } from './settings.js';

/** A configuration has some hundred lines; anything larger is another file. */
const BYTES_MAX = 1024 * 1024;

/** The kubelet reads such files of its drop-in folder, in the order of their names (`mergeKubeletConfigurations`). */
const DROP_IN = '.conf';

/** What kubelets are configured with, and what the user has to know of how that was read. */
export interface ReadSettings {
  readonly settings: KubeletSettings;
  readonly notes: readonly string[];
}

/** What the sources set, in order: flags stand above all files, as in the kubelet. */
interface Layers {
  readonly files: KubeletLayer[];
  readonly flags: KubeletLayer[];
  readonly notes: string[];
}

/**
 * Reads kubelet configurations (`-`: standard input), YAML or JSON: KubeletConfiguration, also as a kubelet's `/configz`
 * serves it or as distributions keep it, files of flags, and folders of drop-in files. Later ones are laid over earlier
 * ones. Throws an InputError with line and column.
 */
export async function readKubeletSettings(paths: readonly string[]): Promise<ReadSettings> {
  const layers: Layers = { files: [], flags: [], notes: [] };
  const files = (await Promise.all(paths.map(configurationFiles))).flat();
  for (const file of files) addText(await readText(file), sourceLabel(file), layers);
  return { settings: mergeLayers([...layers.files, ...layers.flags]), notes: layers.notes };
}

/** The settings in a configuration's text. Throws an InputError with line and column. */
export function parseKubeletSettings(text: string, label: string): KubeletSettings {
  const layers: Layers = { files: [], flags: [], notes: [] };
  addText(text, label, layers);
  return mergeLayers([...layers.files, ...layers.flags]);
}

async function configurationFiles(path: string): Promise<string[]> {
  const found = path === STDIN ? null : await stat(path).catch(() => null);
  if (found?.isDirectory() !== true) return [path];
  const names = (await readdir(path)).filter((name) => name.endsWith(DROP_IN)).sort();
  if (names.length > 0) return names.map((name) => join(path, name));
  throw new InputError([`${path}: has no file that ends in ${DROP_IN}, as the kubelet's drop-in files do`]);
}

async function readText(path: string): Promise<string> {
  const pieces: Buffer[] = [];
  let size = 0;
  for await (const piece of readBytes(path)) {
    pieces.push(piece);
    size += piece.length;
    if (size > BYTES_MAX) {
      throw new InputError([`${sourceLabel(path)}: is larger than 1 MiB: not a KubeletConfiguration`]);
    }
  }
  const bytes = Buffer.concat(pieces);
  const archive = archiveOf(bytes);
  if (archive !== undefined) throw new InputError([`${sourceLabel(path)}: ${archive} and give the file in it`]);
  if (bytes.includes(0)) {
    throw new InputError([
      `${sourceLabel(path)}: is a binary file or UTF-16 text; a KubeletConfiguration is text in UTF-8`,
    ]);
  }
  return bytes.toString('utf8');
}

function addText(text: string, label: string, layers: Layers): void {
  if (text.trim() === '') throw new InputError([`${label}: is empty; expected a KubeletConfiguration`]);
  if (text.trimStart().startsWith('<')) {
    throw new InputError([`${label}: is an HTML or XML page (a log-in page?); expected a KubeletConfiguration`]);
  }
  if (/^MIME-Version:|^Content-Type:/i.test(text.trimStart())) {
    throw new InputError([
      `${label}: is user data in several parts (MIME); give the part with the kubelet's configuration as a file of its own`,
    ]);
  }
  if (isFlagsText(text)) {
    addFlags(flagsOfText(text, label), label, layers);
    return;
  }
  addDocuments(text, label, layers);
}

function addDocuments(text: string, label: string, layers: Layers): void {
  const documents = parseDocuments(text, label).map(onlyItem);
  const known = documents.map(configurationParts).filter((parts) => parts !== null);
  if (known.length === 0) throw foreign(documents[0], label);
  for (const parts of known) addParts(parts, label, layers);
}

/** What `kubectl get -o yaml` of one object prints, where no name is given: a list of it. */
function onlyItem(document: Located): Located {
  const items = nodeAt(document, ['items']);
  if (items?.type !== 'list' || items.items.length === 0) return document;
  if (!items.items.every(isKubeletForm)) return document;
  if (items.items.length === 1) return items.items[0];
  // Those of different groups of nodes, mostly.
  throw new InputError([
    `${formatOrigin(items.origin)}: is a list of ${items.items.length} configurations; give the one of the nodes that are simulated`,
  ]);
}

function addParts({ form, configurations, flags, embedded }: ConfigurationParts, label: string, layers: Layers): void {
  if (form !== null && form !== '/configz') layers.notes.push(`${label}: ${form}: its kubelet settings are read`);
  const own = configurations.map(layerOfFields);
  // Groups of nodes may differ: which of them is simulated is not ours to choose.
  if (new Set(own.map((layer) => JSON.stringify(layer))).size > 1) {
    throw new InputError([
      `${label}: ${form ?? ''}: its groups of nodes have different settings; give those of one group`,
    ]);
  }
  layers.files.push(...own);
  if (flags.length > 0) layers.flags.push(layerOfFlags(flags));
  for (const inner of embedded) addDocuments(inner.text, inner.label, layers);
}

function addFlags(flags: readonly KubeletFlag[], label: string, layers: Layers): void {
  const layer = layerOfFlags(flags);
  layers.flags.push(layer);
  const fields = Object.keys(layer).join(', ');
  const found = fields === '' ? 'none sets what is simulated' : `they set ${fields}`;
  const more = namesConfiguration(flags) ? '; they name a configuration file: give it as --kubelet FILE, too' : '';
  layers.notes.push(`${label}: flags of a kubelet: ${found}${more}`);
}

/** Kinds that are given by mistake, and what to do. */
const HINTS: Readonly<Record<string, string>> = {
  ConfigMap: '; take the text in its field data.kubelet',
  ClusterConfiguration: '; kubeadm keeps it in a document of its own',
  Experiment: '; this is an experiment',
  List: '; this is a dump: --cluster FILE',
};

function foreign(document: Located, label: string): InputError {
  if (document.type !== 'map') {
    return new InputError([`${formatOrigin(document.origin)}: expected a KubeletConfiguration with its fields`]);
  }
  const kind = document.entries.get('kind')?.value;
  if (kind?.type !== 'scalar') {
    return new InputError([
      `${label}: is not a KubeletConfiguration: it has no kind, and no kubeletconfig as /configz has`,
    ]);
  }
  const hint = Object.hasOwn(HINTS, kind.text) ? HINTS[kind.text] : undefined;
  const found = hint === undefined ? 'is another one' : `is ${kind.text}`;
  return new InputError([`${formatOrigin(kind.origin)}: kind ${found}; expected KubeletConfiguration${hint ?? ''}`]);
}
