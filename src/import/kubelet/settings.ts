import { STRATEGY_NAMES, type Strategy } from '../../cluster/kubelet/secret-manager/strategies.js';
import { durationUs, formatDuration, parseDuration } from '../../experiment/language/values/durations.js';
import { InputError } from '../../experiment/language/values/input-error.js';
import { formatOrigin, nodeAt, type LocatedMap, type LocatedScalar } from '../../experiment/language/values/located.js';
import { didYouMean } from '../../experiment/language/values/nearest-name.js';

/** What kubelets are configured with, as an experiment writes it; fields at their default are absent. */
export interface KubeletSettings {
  /** `1m30s` */
  readonly syncFrequency?: string;
  readonly configMapAndSecretChangeDetectionStrategy?: Strategy;
  readonly kubeAPIQPS?: number;
  readonly kubeAPIBurst?: number;
}

/** What one source sets; null: the default again, whatever the sources below say. */
export type KubeletLayer = { readonly [F in keyof KubeletSettings]: NonNullable<KubeletSettings[F]> | null };

/** What can be simulated: the kubelet looks for due pods once a second. */
const SYNC_FREQUENCY_MIN = '1s';
const SYNC_FREQUENCY_MAX = '24h';

/** The kubelet passes 0 on to its client, which then has its own defaults (`client-go/rest` DefaultQPS, DefaultBurst). */
const CLIENT_DEFAULT_QPS = 5;
const CLIENT_DEFAULT_BURST = 10;

/** The field's value; undefined where the source does not have it. */
type FieldReader = (name: string) => LocatedScalar | undefined;

/** The settings among the fields of a KubeletConfiguration. Throws an InputError with line and column. */
export function layerOfFields(configuration: LocatedMap): KubeletLayer {
  return layerOf((name) => scalarAt(configuration, name));
}

/**
 * The settings that a source has. A duration of zero is the default, as in Kubernetes; so is null, which the merge of
 * drop-in files (RFC 7386) takes for "as if it were not there".
 */
export function layerOf(field: FieldReader): KubeletLayer {
  const syncFrequency = readSyncFrequency(field);
  const strategy = readStrategy(field);
  const qps = readLimit(field, 'kubeAPIQPS', CLIENT_DEFAULT_QPS);
  const burst = readLimit(field, 'kubeAPIBurst', CLIENT_DEFAULT_BURST);
  return {
    ...(syncFrequency !== undefined && { syncFrequency }),
    ...(strategy !== undefined && { configMapAndSecretChangeDetectionStrategy: strategy }),
    ...(qps !== undefined && { kubeAPIQPS: qps }),
    ...(burst !== undefined && { kubeAPIBurst: burst }),
  };
}

/** Lays sources over one another, the later ones above. */
export function mergeLayers(layers: readonly KubeletLayer[]): KubeletSettings {
  const merged = layers.reduce<KubeletLayer>((below, layer) => ({ ...below, ...layer }), {});
  return Object.fromEntries(Object.entries(merged).filter(([, value]) => value !== null));
}

/** The scalar of a field; undefined where the field is absent. Throws an InputError for a list or a map. */
export function scalarAt(configuration: LocatedMap, field: string): LocatedScalar | undefined {
  const value = nodeAt(configuration, [field]);
  if (value === undefined) return undefined;
  if (value.type !== 'scalar') {
    throw new InputError([`${formatOrigin(value.origin)}: ${field} is a ${value.type}; expected a single value`]);
  }
  return value;
}

function readSyncFrequency(fieldOf: FieldReader): string | null | undefined {
  const field = fieldOf('syncFrequency');
  if (field === undefined) return undefined;
  if (field.value === null) return null;
  const duration = parseDuration(field.text);
  if (!duration.ok) throw invalid(field, 'syncFrequency', 'expected a duration with its unit, such as 90s or 1m30s');
  if (duration.value === 0) return null;
  if (duration.value < durationUs(SYNC_FREQUENCY_MIN) || duration.value > durationUs(SYNC_FREQUENCY_MAX)) {
    throw invalid(field, 'syncFrequency', `can be simulated from ${SYNC_FREQUENCY_MIN} to ${SYNC_FREQUENCY_MAX}`);
  }
  return formatDuration(duration.value);
}

function readStrategy(fieldOf: FieldReader): Strategy | null | undefined {
  const name = 'configMapAndSecretChangeDetectionStrategy';
  const field = fieldOf(name);
  if (field === undefined) return undefined;
  if (field.value === null || field.text === '') return null;
  const strategy = STRATEGY_NAMES.find((known) => known === field.text);
  if (strategy !== undefined) return strategy;
  throw invalid(field, name, `expected ${STRATEGY_NAMES.join(', ')}${didYouMean(field.text, STRATEGY_NAMES)}`);
}

function readLimit(fieldOf: FieldReader, name: string, clientDefault: number): number | null | undefined {
  const field = fieldOf(name);
  if (field === undefined) return undefined;
  const { value } = field;
  if (value === null) return null;
  if (typeof value !== 'number' || !Number.isInteger(value) || value < 0 || value > 1_000_000) {
    throw invalid(field, name, 'expected a whole number from 0 to 1000000');
  }
  return value === 0 ? clientDefault : value;
}

/** What was found is not repeated: a file that was given by mistake may hold anything. */
function invalid(field: LocatedScalar, name: string, reason: string): InputError {
  return new InputError([`${formatOrigin(field.origin)}: ${name}: ${reason}`]);
}
