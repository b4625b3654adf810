import { STRATEGIES, type Strategy } from '../cluster/model-input.js';
import { durationUs, formatDuration, parseDuration } from '../experiment/durations.js';
import { InputError } from '../experiment/input-error.js';
import { formatOrigin, nodeAt, type Located, type LocatedMap, type LocatedScalar } from '../experiment/located.js';
import { didYouMean } from '../experiment/nearest-name.js';
import { parseSource, sourceLabel } from '../experiment/source.js';
import { readBytes } from '../experiment/input-bytes.js';

/** What a KubeletConfiguration sets, as an experiment writes it; fields at their default are absent. */
export interface KubeletSettings {
  /** `1m30s` */
  readonly syncFrequency?: string;
  readonly configMapAndSecretChangeDetectionStrategy?: Strategy;
  readonly kubeAPIQPS?: number;
  readonly kubeAPIBurst?: number;
}

/** A configuration has some hundred lines; anything larger is another file. */
const BYTES_MAX = 1024 * 1024;

/** What can be simulated: the kubelet looks for due pods once a second. */
const SYNC_FREQUENCY_MIN = '1s';
const SYNC_FREQUENCY_MAX = '24h';

/** The kubelet passes 0 on to its client, which then has its own defaults (`client-go/rest` DefaultQPS, DefaultBurst). */
const CLIENT_DEFAULT_QPS = 5;
const CLIENT_DEFAULT_BURST = 10;

/**
 * Reads a KubeletConfiguration (`-`: standard input), YAML or JSON, also as a kubelet's `/configz` serves it.
 * A duration of zero is the default, as in Kubernetes. Throws an InputError with line and column.
 */
export async function readKubeletConfiguration(path: string): Promise<KubeletSettings> {
  const label = sourceLabel(path);
  const pieces: Buffer[] = [];
  let size = 0;
  for await (const piece of readBytes(path)) {
    pieces.push(piece);
    size += piece.length;
    if (size > BYTES_MAX) throw new InputError([`${label}: is larger than 1 MiB: not a KubeletConfiguration`]);
  }
  return parseKubeletConfiguration(Buffer.concat(pieces).toString('utf8'), label);
}

/** The settings in a configuration's text. Throws an InputError with line and column. */
export function parseKubeletConfiguration(text: string, label: string): KubeletSettings {
  if (text.trim() === '') throw new InputError([`${label}: is empty; expected a KubeletConfiguration`]);
  if (text.trimStart().startsWith('<')) {
    throw new InputError([`${label}: is an HTML or XML page (a log-in page?); expected a KubeletConfiguration`]);
  }
  const configuration = unwrap(parseSource(text, label), label);
  const syncFrequency = readSyncFrequency(configuration);
  const strategy = readStrategy(configuration);
  const qps = readLimit(configuration, 'kubeAPIQPS', CLIENT_DEFAULT_QPS);
  const burst = readLimit(configuration, 'kubeAPIBurst', CLIENT_DEFAULT_BURST);
  return {
    ...(syncFrequency !== undefined && { syncFrequency }),
    ...(strategy !== undefined && { configMapAndSecretChangeDetectionStrategy: strategy }),
    ...(qps !== undefined && { kubeAPIQPS: qps }),
    ...(burst !== undefined && { kubeAPIBurst: burst }),
  };
}

/** The configuration itself: at the top, or under `kubeletconfig`, where it may have no kind. */
function unwrap(root: Located, label: string): LocatedMap {
  const wrapped = nodeAt(root, ['kubeletconfig']);
  const configuration = wrapped ?? root;
  const origin = formatOrigin(configuration.origin);
  if (configuration.type !== 'map')
    throw new InputError([`${origin}: expected a KubeletConfiguration with its fields`]);
  const kind = scalarAt(configuration, 'kind');
  if (kind === undefined && wrapped !== undefined) return configuration;
  if (kind === undefined) {
    throw new InputError([
      `${label}: is not a KubeletConfiguration: it has no kind, and no kubeletconfig as /configz has`,
    ]);
  }
  if (kind.text === 'KubeletConfiguration') return configuration;
  const hint = kind.text === 'ConfigMap' ? '; take the text in its field data.kubelet' : '';
  throw new InputError([`${formatOrigin(kind.origin)}: kind is ${kind.text}; expected KubeletConfiguration${hint}`]);
}

/** The scalar of a field; undefined where the field is absent or null. Throws an InputError for a list or a map. */
function scalarAt(configuration: LocatedMap, field: string): LocatedScalar | undefined {
  const value = nodeAt(configuration, [field]);
  if (value === undefined) return undefined;
  if (value.type !== 'scalar') {
    throw new InputError([`${formatOrigin(value.origin)}: ${field} is a ${value.type}; expected a single value`]);
  }
  return value.value === null ? undefined : value;
}

function readSyncFrequency(configuration: LocatedMap): string | undefined {
  const field = scalarAt(configuration, 'syncFrequency');
  if (field === undefined) return undefined;
  const duration = parseDuration(field.text);
  if (!duration.ok) throw invalid(field, 'syncFrequency', duration.reason);
  if (duration.value === 0) return undefined;
  if (duration.value < durationUs(SYNC_FREQUENCY_MIN) || duration.value > durationUs(SYNC_FREQUENCY_MAX)) {
    throw invalid(field, 'syncFrequency', `can be simulated from ${SYNC_FREQUENCY_MIN} to ${SYNC_FREQUENCY_MAX}`);
  }
  return formatDuration(duration.value);
}

function readStrategy(configuration: LocatedMap): Strategy | undefined {
  const name = 'configMapAndSecretChangeDetectionStrategy';
  const field = scalarAt(configuration, name);
  if (field === undefined || field.text === '') return undefined;
  const strategy = STRATEGIES.find((known) => known === field.text);
  if (strategy !== undefined) return strategy;
  throw invalid(field, name, `expected ${STRATEGIES.join(', ')}${didYouMean(field.text, STRATEGIES)}`);
}

function readLimit(configuration: LocatedMap, name: string, clientDefault: number): number | undefined {
  const field = scalarAt(configuration, name);
  if (field === undefined) return undefined;
  const { value } = field;
  if (typeof value !== 'number' || !Number.isInteger(value) || value < 0 || value > 1_000_000) {
    throw invalid(field, name, 'expected a whole number from 0 to 1000000');
  }
  return value === 0 ? clientDefault : value;
}

function invalid(field: LocatedScalar, name: string, reason: string): InputError {
  return new InputError([`${formatOrigin(field.origin)}: ${name}: ${JSON.stringify(field.value)}: ${reason}`]);
}
