import { NOT_MODELLED } from '../cluster/model/switches/not-modelled.js';
import type { Switch } from '../cluster/model/switches/switch.js';
import { SWITCHES_BY_COMPONENT } from '../cluster/model/switches/switches.js';
import { NEWEST_RELEASE, OLDEST_RELEASE, RELEASES, type Release } from '../cluster/model/releases.js';
import { changesWith, type ReleaseChange } from '../releases/release-changes.js';
import type { Explanation, Subject } from './explanation.js';

/** Behaviours that changed between releases, those that are not modelled, and the releases themselves. */
export function releaseSubjects(): readonly Subject[] {
  const modelled = Object.entries(SWITCHES_BY_COMPONENT).flatMap(([component, switches]) =>
    Object.entries<Switch>(switches).map(([name, each]) => behaviourSubject(component, name, each)),
  );
  return [...modelled, ...NOT_MODELLED.map(unmodelledSubject), ...RELEASES.map(releaseSubject)];
}

function behaviourSubject(component: string, name: string, each: Switch): Subject {
  const values = each.type === 'choice' ? Object.keys(each.values) : each.type === 'flag' ? ['true', 'false'] : [];
  const of = (): Explanation => ({
    kind: 'behaviour',
    name,
    meaning: `${each.says}. Effect of the change: ${each.effect}`,
    type: each.type === 'quantity' ? `a whole number (${each.min} to ${each.max})` : 'one of the values',
    ...(values.length > 0 && { values }),
    default: 'by release',
    ...(each.type === 'quantity' && { unit: each.unit }),
    source: each.source,
    releases: stepsOf(each) + (each.lockedFrom === undefined ? '' : `; locked from ${each.lockedFrom}`),
    usedIn: [component, `--set cluster.behaviours.${name}=VALUE`, 'releases'],
    seeAlso: [],
    parts: partsOf(each),
  });
  return { kind: 'behaviour', name, meaning: each.says, explain: of };
}

/** Each value in words. */
function partsOf(each: Switch): Explanation['parts'] {
  if (each.type === 'choice') return Object.entries(each.values).map(([name, meaning]) => ({ name, meaning }));
  if (each.type === 'quantity') return [];
  return [
    { name: 'true', meaning: each.on },
    { name: 'false', meaning: each.off },
  ];
}

function stepsOf(each: Switch): string {
  const unit = each.type === 'quantity' ? ` ${each.unit}` : '';
  return each.by.map(([from, value]) => `from ${from} on ${String(value)}${unit}`).join(', ');
}

function unmodelledSubject({ name, release, says, effect, source }: (typeof NOT_MODELLED)[number]): Subject {
  const meaning = `${says} (not modelled)`;
  const of = (): Explanation => ({
    kind: 'behaviour',
    name,
    meaning: `${says}. Not modelled: ${effect}`,
    source,
    releases: `from ${release} on`,
    usedIn: ['releases'],
    seeAlso: [],
    parts: [],
  });
  return { kind: 'behaviour', name, meaning, explain: of };
}

function releaseSubject(release: Release): Subject {
  const changes = release === OLDEST_RELEASE ? [] : changesWith(release);
  const place =
    release === OLDEST_RELEASE ? ', the oldest one here' : release === NEWEST_RELEASE ? ', the newest one here' : '';
  const meaning = `Kubernetes ${release}${place}: ${changes.length === 1 ? '1 change' : `${changes.length} changes`} of how Secrets and ConfigMaps reach pods.`;
  const of = (): Explanation => ({
    kind: 'release',
    name: release,
    meaning,
    usedIn: [
      'cluster.kubernetesVersion, cluster.kubeletVersion; whatif --upgrade',
      `releases ${release}: the same with effects and sources`,
    ],
    seeAlso: [],
    parts: changes.map((change) => ({ name: change.name, meaning: changeText(change) })),
  });
  return { kind: 'release', name: release, meaning, explain: of };
}

function changeText({ component, says, before, after }: ReleaseChange): string {
  return component === null ? `${says} (not modelled)` : `${says}: ${before} → ${after}`;
}
