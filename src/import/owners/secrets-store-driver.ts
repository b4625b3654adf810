import { formatDuration, parseDuration } from '../../experiment/language/values/durations.js';
import { SECOND_US } from '../../sim/units.js';

/** Name of the Secrets Store CSI driver (`secrets-store-csi-driver`, CSIDriver). */
export const SECRETS_STORE_DRIVER = 'secrets-store.csi.k8s.io';

/** The container of the driver among those of its pods (`secrets-store-csi-driver/deploy/secrets-store-csi-driver.yaml`). */
const CONTAINER = 'secrets-store';

/** Flags of the driver that the simulation knows; others are dropped. */
export interface DriverFlags {
  /** `--enable-secret-rotation`; null: not given. */
  readonly rotates: boolean | null;
  /** `--rotation-poll-interval`, µs; null: not given. */
  readonly pollUs: number | null;
}

/** Settings of the driver, as its pods tell them. */
export interface DriverSettings {
  /** Of the two that an experiment tells apart, that of which this release is; null: its image does not tell. */
  readonly version: '1.5' | '1.6' | null;
  readonly enableSecretRotation: boolean;
  /** `2m`; null: the default. */
  readonly rotationPollInterval: string | null;
}

/** What of a container's arguments the simulation knows: nothing else of them is kept, for they may hold anything. */
export function driverFlags(args: readonly unknown[] | null | undefined): DriverFlags {
  let rotates: boolean | null = null;
  let pollUs: number | null = null;
  for (const arg of args ?? []) {
    if (typeof arg !== 'string' || !arg.startsWith('-')) continue;
    const [flag, value = null] = arg.replace(/^--?/, '').split('=', 2);
    // As Go's flag package reads a boolean (`strconv.ParseBool`).
    if (flag === 'enable-secret-rotation') rotates = value === null || /^(?:1|t|true)$/i.test(value);
    if (flag === 'rotation-poll-interval') {
      const read = parseDuration(value ?? '');
      if (read.ok && read.value >= SECOND_US) pollUs = read.value;
    }
  }
  return { rotates, pollUs };
}

/** A container of a pod, as far as it tells of the driver. */
interface TellingContainer {
  readonly name: string;
  readonly image: string;
  readonly args: DriverFlags;
}

/** What a pod with these containers tells of the driver's settings; null: it is none of the driver's pods. */
export function driverSettings(containers: readonly TellingContainer[]): DriverSettings | null {
  const driver = containers.find(({ name }) => name === CONTAINER);
  if (driver === undefined) return null;
  const { rotates, pollUs } = driver.args;
  return {
    version: versionOf(driver.image),
    enableSecretRotation: rotates === true,
    rotationPollInterval: pollUs === null ? null : formatDuration(pollUs),
  };
}

/** From 1.6 on kubelets publish volumes again; the tag of an image tells its release: `driver:v1.5.3`. */
function versionOf(image: string): DriverSettings['version'] {
  const release = /:v?(\d+)\.(\d+)\.\d+[^@/:]*(?:@|$)/.exec(image);
  if (release === null) return null;
  const [major, minor] = [Number(release[1]), Number(release[2])];
  return major > 1 || (major === 1 && minor >= 6) ? '1.6' : '1.5';
}

/** What the driver's pods say together, of which there is one on each node: while they are updated, the newer settings count. */
export function newestSettings(settings: readonly DriverSettings[]): DriverSettings | null {
  return [...settings].sort((a, b) => rank(b) - rank(a)).at(0) ?? null;
}

function rank({ version, enableSecretRotation }: DriverSettings): number {
  return (version === '1.6' ? 2 : 0) + (enableSecretRotation ? 1 : 0);
}
