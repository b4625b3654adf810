import { STRATEGY_NAMES } from '../cluster/kubelet/secret-manager/strategies.js';
import { NODES_MAX } from '../experiment/language/cluster-counts.js';
import { durationUs, parseDuration } from '../experiment/language/values/durations.js';
import { PRESETS } from '../experiment/language/presets.js';
import type { DumpedCluster } from './dumped-cluster.js';
import {
  CLIENT_LIMIT_MAX,
  clusterOfPreset,
  type Knobs,
  NODE_TTLS,
  NONE,
  type PresetCluster,
  REFRESH_INTERVALS,
  RELEASES,
  RELOAD_INTERVALS,
  REPLICATIONS_MAX,
  type Restart,
  RESTARTS,
  type Way,
  WAYS,
} from './knobs.js';

/** A cluster, and what its knobs say. */
export interface Setting {
  readonly cluster: PresetCluster | DumpedCluster;
  readonly knobs: Knobs;
}

/**
 * A setting as a link has it. Of a dumped cluster it has the knobs alone: neither the cluster nor any name in it; what is
 * rotated is told by its place among the Secrets that can be.
 */
export interface LinkedSetting {
  /** null: a cluster that was dropped on the page. */
  readonly preset: PresetCluster | null;
  readonly knobs: Partial<Knobs>;
  /** Place of what is rotated in a dumped cluster, from 0. */
  readonly target: number;
}

/** What a link asks for. */
export interface LinkedState {
  readonly now: LinkedSetting;
  readonly pinned: LinkedSetting | null;
  /** What in the link could not be read, one sentence each. */
  readonly problems: readonly string[];
}

/** Parts the two settings of a link: URLSearchParams writes this character as a code. */
const BESIDE = '~';
const PRESET = 'preset';
const DUMPED = 'dumped';
const TARGET = 'target';
const TEXT_MAX = 200;
const SYNC_US = { min: durationUs('1s'), max: durationUs('24h') };

type KnobValue = Knobs[keyof Knobs];

/** How a knob is written, and read again: undefined for what it cannot be. */
interface Codec<Value extends KnobValue> {
  readonly write: (value: KnobValue) => string;
  readonly read: (text: string) => Value | undefined;
  readonly allowed: string;
}

const asItIs = (value: KnobValue): string => String(value ?? NONE);

function oneOf<Value extends string>(values: readonly Value[]): Codec<Value> {
  const read = (text: string): Value | undefined => values.find((value) => value === text);
  return { write: asItIs, read, allowed: `one of ${values.join(', ')}` };
}

function whole(min: number, max: number): Codec<number> {
  const read = (text: string): number | undefined =>
    /^\d{1,9}$/.test(text) && Number(text) >= min && Number(text) <= max ? Number(text) : undefined;
  return { write: asItIs, read, allowed: `a whole number from ${min} to ${max}` };
}

function orNone({ write, read, allowed }: Codec<number>): Codec<number | null> {
  return { write, read: (text) => (text === NONE ? null : read(text)), allowed: `${allowed}, or ${NONE}` };
}

function textFrom(min: number): Codec<string> {
  const read = (text: string): string | undefined => (text.length >= min && text.length <= TEXT_MAX ? text : undefined);
  return { write: asItIs, read, allowed: `text of at most ${TEXT_MAX} characters` };
}

const syncFrequency: Codec<string> = {
  write: asItIs,
  read: (text) => {
    const duration = parseDuration(text);
    return duration.ok && duration.value >= SYNC_US.min && duration.value <= SYNC_US.max ? text : undefined;
  },
  allowed: 'a duration from 1s to 24h',
};

const percent = whole(0, 100);
const immutableShare: Codec<number> = {
  write: (value) => String(Math.round(100 * Number(value))),
  read: (text) => {
    const read = percent.read(text);
    return read === undefined ? undefined : read / 100;
  },
  allowed: percent.allowed,
};

/** Every knob but what is rotated: its names are those of the cluster. */
const CODECS: { readonly [Knob in Exclude<keyof Knobs, 'rotated'>]: Codec<Knobs[Knob]> } = {
  strategy: oneOf(STRATEGY_NAMES),
  syncFrequency,
  nodeTTL: oneOf<string>(NODE_TTLS),
  kubeAPIQPS: orNone(whole(1, CLIENT_LIMIT_MAX)),
  kubeAPIBurst: orNone(whole(1, CLIENT_LIMIT_MAX)),
  release: oneOf<string>(RELEASES),
  comparedRelease: oneOf<string>([NONE, ...RELEASES]),
  apiServers: whole(1, 100),
  restart: oneOf(Object.keys(RESTARTS) as Restart[]),
  immutableShare,
  nodes: whole(1, NODES_MAX),
  podsPerNode: whole(1, 1000),
  way: oneOf(Object.keys(WAYS) as Way[]),
  refreshInterval: oneOf<string>(REFRESH_INTERVALS),
  reloadInterval: oneOf<string>(RELOAD_INTERVALS),
  slo: textFrom(0),
  replications: whole(1, REPLICATIONS_MAX),
  seed: textFrom(1),
};

/** What the knobs of a dumped cluster are written against, but for those that the dump itself may say. */
const DUMP_START = clusterOfPreset(PRESETS[0]).start;
const SAID_BY_DUMP: readonly (keyof Knobs)[] = ['release', 'apiServers'];

const KNOBS = Object.keys(CODECS) as (keyof typeof CODECS)[];

/** Both settings of the page, as the part of its address behind `#`. */
export function linkOf(now: Setting, pinned: Setting | null): string {
  return [now, ...(pinned === null ? [] : [pinned])].map(settingText).join(BESIDE);
}

/** The cluster, and what differs from its start. */
function settingText({ cluster, knobs }: Setting): string {
  const parameters = new URLSearchParams();
  parameters.set(PRESET, cluster.type === 'preset' ? cluster.name : DUMPED);
  const start = cluster.type === 'preset' ? cluster.start : DUMP_START;
  const always = cluster.type === 'preset' ? [] : SAID_BY_DUMP;
  if (cluster.type === 'dump') {
    parameters.set(TARGET, String(Math.max(0, placeOf(cluster, knobs.rotated))));
  } else if (knobs.rotated !== cluster.start.rotated) {
    parameters.set('rotated', knobs.rotated);
  }
  for (const knob of KNOBS) {
    const { write } = CODECS[knob];
    const written = write(knobs[knob]);
    if (always.includes(knob) || written !== write(start[knob])) parameters.set(knob, written);
  }
  return parameters.toString();
}

function placeOf({ targets }: DumpedCluster, rotated: string): number {
  return targets.findIndex(({ object }) => object === rotated);
}

/** Reads a link; null where there is none. What cannot be read is left out, and told. */
export function readLink(link: string): LinkedState | null {
  if (link === '') return null;
  const [now, pinned] = link.split(BESIDE, 2) as [string, string | undefined];
  const problems: string[] = [];
  return {
    now: readSetting(now, problems),
    pinned: pinned === undefined ? null : readSetting(pinned, problems),
    problems,
  };
}

function readSetting(written: string, problems: string[]): LinkedSetting {
  const parameters = new URLSearchParams(written);
  const name = parameters.get(PRESET);
  const found = PRESETS.find((each) => each.name === name);
  if (found === undefined && name !== DUMPED) {
    problems.push(
      `the link names no cluster that there is: expected ${[DUMPED, ...PRESETS.map((each) => each.name)].join(', ')}`,
    );
  }
  const preset = name === DUMPED ? null : clusterOfPreset(found ?? PRESETS[0]);
  const knobs = Object.fromEntries(
    KNOBS.flatMap((knob) => {
      const value = parameters.get(knob);
      if (value === null) return [];
      const read = CODECS[knob].read(value);
      if (read === undefined) problems.push(`the link's ${knob} cannot be read: expected ${CODECS[knob].allowed}`);
      return read === undefined ? [] : [[knob, read]];
    }),
  ) as Partial<Knobs>;
  const rotated = parameters.get('rotated');
  const known = preset?.classes.some((each) => each.name === rotated) === true;
  return {
    preset,
    knobs: rotated !== null && known ? { ...knobs, rotated } : knobs,
    target: whole(0, 1000).read(parameters.get(TARGET) ?? '') ?? 0,
  };
}

/** The setting that a link asks for, with the cluster that it needs; null where that is a dumped one that is not there. */
export function settingOf({ preset, knobs, target }: LinkedSetting, dumped: DumpedCluster | null): Setting | null {
  if (preset !== null) return { cluster: preset, knobs: { ...preset.start, ...knobs } };
  if (dumped === null) return null;
  const { object: rotated = '' } = dumped.targets.at(target) ?? dumped.targets.at(0) ?? {};
  return { cluster: dumped, knobs: { ...knobsForDump(dumped, DUMP_START), ...knobs, rotated } };
}

/** The knobs for a cluster that was just dropped: as they were, but for what the cluster itself says. */
export function knobsForDump({ release, apiServers, targets }: DumpedCluster, before: Knobs): Knobs {
  return {
    ...before,
    release: RELEASES.find((each) => each === release) ?? before.release,
    comparedRelease: NONE,
    apiServers: apiServers === 0 ? before.apiServers : apiServers,
    rotated: targets.at(0)?.object ?? '',
  };
}
