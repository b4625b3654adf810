import { atLeast, type Release, RELEASES } from '../cluster/model/releases.js';
import { NOT_MODELLED } from '../cluster/model/switches/not-modelled.js';
import { type Switch, type SwitchOwner, valueAt } from '../cluster/model/switches/switch.js';
import { DEFAULTS_BY_COMPONENT, SWITCHES_BY_COMPONENT } from '../cluster/model/switches/switches.js';

/** A behaviour that changed, or that differs between two releases. */
export interface ReleaseChange {
  /** The release that brought it, or the newest of those that did. */
  readonly release: Release;
  /** The Kubernetes component that acts by it; null: not modelled. */
  readonly component: string | null;
  /** As `cluster.behaviours` or a field calls it. */
  readonly name: string;
  readonly of: SwitchOwner | null;
  readonly says: string;
  /** What held before, or in the first release, in words; empty where that is not modelled. */
  readonly before: string;
  readonly after: string;
  readonly effect: string;
  readonly source: string;
}

interface NamedSwitch {
  readonly component: string;
  readonly name: string;
  readonly each: Switch;
}

type Switches = Readonly<Record<string, Switch>>;
const TABLES: readonly Readonly<Record<string, Switches>>[] = [SWITCHES_BY_COMPONENT, DEFAULTS_BY_COMPONENT];
const NAMED: readonly NamedSwitch[] = TABLES.flatMap((table) =>
  Object.entries(table).flatMap(([component, switches]) =>
    Object.entries(switches).map(([name, each]) => ({ component, name, each })),
  ),
);

/** The value of a switch in words. */
export function inWords(each: Switch, value: string | boolean | number): string {
  if (each.type === 'choice') return `${each.values[String(value)]} (${String(value)})`;
  if (each.type === 'flag') return value === true ? each.on : each.off;
  return `${String(value)} ${each.unit}`;
}

/** Everything that changed, release by release, from the oldest that can be simulated on. */
export function allChanges(): readonly ReleaseChange[] {
  return RELEASES.slice(1).flatMap((release) => changesWith(release));
}

/** What changed with a release. */
export function changesWith(release: Release): readonly ReleaseChange[] {
  return changesBetween(RELEASES[Math.max(0, RELEASES.indexOf(release) - 1)], release);
}

/** What differs between two releases, whichever is the newer: `before` is what holds in `from`. */
export function changesBetween(from: Release, to: Release): readonly ReleaseChange[] {
  const [older, newer] = atLeast(to, from) ? [from, to] : [to, from];
  const isNew = (release: Release): boolean => atLeast(newer, release) && !atLeast(older, release);
  const modelled = NAMED.flatMap((named) => changeOf(named, from, to, isNew) ?? []);
  const others = NOT_MODELLED.filter(({ release }) => isNew(release)).map((change) => ({
    ...change,
    component: null,
    of: null,
    before: '',
    after: '',
  }));
  return [...modelled, ...others].sort((a, b) => RELEASES.indexOf(a.release) - RELEASES.indexOf(b.release));
}

function changeOf(
  { component, name, each }: NamedSwitch,
  from: Release,
  to: Release,
  isNew: (release: Release) => boolean,
): ReleaseChange | null {
  const steps: readonly (readonly [Release, string | boolean | number])[] = each.by;
  const [before, after] = [valueAt(steps, from), valueAt(steps, to)];
  if (before === after) return lockOf({ component, name, each }, inWords(each, after), isNew);
  const release = steps.map(([step]) => step).findLast(isNew) ?? to;
  const { of, says, effect, source } = each;
  return {
    release,
    component,
    name,
    of,
    says,
    before: inWords(each, before),
    after: inWords(each, after),
    effect,
    source,
  };
}

/** The feature gate of a switch that does not change between two releases was locked between them. */
function lockOf(
  { component, name, each: { of, says, source, lockedFrom } }: NamedSwitch,
  words: string,
  isNew: (release: Release) => boolean,
): ReleaseChange | null {
  if (lockedFrom === undefined || !isNew(lockedFrom)) return null;
  return {
    release: lockedFrom,
    component,
    name,
    of,
    says,
    before: `${words}, by a feature gate`,
    after: 'the gate is locked',
    effect: 'None where the gate was left alone.',
    source,
  };
}
