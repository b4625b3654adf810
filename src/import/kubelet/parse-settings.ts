import { archiveOf } from '../../experiment/language/values/foreign-format.js';
import { InputError } from '../../experiment/language/values/input-error.js';
import { formatOrigin, nodeAt, type Located } from '../../experiment/language/values/located.js';
import { parseDocuments } from '../../experiment/language/source.js';
import { flagsOfText, isFlagsText, layerOfFlags, namesConfiguration, type KubeletFlag } from './flags.js';
import { isKubeletForm, configurationParts, type ConfigurationParts } from './forms.js';
import { layerOfFields, mergeLayers, type KubeletLayer, type KubeletSettings } from './settings.js';

/** A configuration has some hundred lines; anything larger is another file. */
export const CONFIGURATION_BYTES_MAX = 1024 * 1024;

/** What kubelets are configured with, and what the user has to know of how that was read. */
export interface ReadSettings {
  readonly settings: KubeletSettings;
  readonly notes: readonly string[];
}

/** What the sources set, in order: flags stand above all files, as in the kubelet. */
export interface Layers {
  readonly files: KubeletLayer[];
  readonly flags: KubeletLayer[];
  readonly notes: string[];
}

/** What the sources set all together. */
export function settingsOf({ files, flags, notes }: Layers): ReadSettings {
  return { settings: mergeLayers([...files, ...flags]), notes };
}

/** The settings in a configuration's text, and how they were found. Throws an InputError with line and column. */
export async function parseKubeletSettings(text: string, label: string): Promise<ReadSettings> {
  const layers: Layers = { files: [], flags: [], notes: [] };
  await addText(text, label, layers);
  return settingsOf(layers);
}

/** The text of a configuration's bytes. Throws an InputError where they are no text. */
export function configurationText(bytes: Uint8Array, label: string): string {
  const archive = archiveOf(bytes);
  if (archive !== undefined) throw new InputError([`${label}: ${archive} and give the file in it`]);
  if (bytes.includes(0)) {
    throw new InputError([`${label}: is a binary file or UTF-16 text; a KubeletConfiguration is text in UTF-8`]);
  }
  return new TextDecoder().decode(bytes);
}

/** True for what is meant to be a kubelet's configuration, right or wrong. */
export function isConfiguration(text: string): boolean {
  if (isFlagsText(text)) return true;
  try {
    return parseDocuments(text, '').map(onlyItem).some(isKubeletForm);
  } catch (error) {
    if (error instanceof InputError) return false;
    throw error;
  }
}

/** Lays what a configuration's text sets over what is there. Throws an InputError with line and column. */
export async function addText(text: string, label: string, layers: Layers): Promise<void> {
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
  await addDocuments(text, label, layers);
}

async function addDocuments(text: string, label: string, layers: Layers): Promise<void> {
  const documents = parseDocuments(text, label).map(onlyItem);
  const known = documents.map(configurationParts).filter((parts) => parts !== null);
  if (known.length === 0) throw foreign(documents[0], label);
  for (const parts of known) await addParts(parts, label, layers);
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

async function addParts(
  { form, configurations, flags, embedded }: ConfigurationParts,
  label: string,
  layers: Layers,
): Promise<void> {
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
  for (const inner of embedded) await addDocuments(await inner.text(), inner.label, layers);
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
