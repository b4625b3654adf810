import type { Release } from '../cluster/model/releases.js';
import { type Behaviours, SWITCHES, type SwitchName, SWITCH_NAMES } from '../cluster/model/switches/switches.js';
import { behavioursOf } from '../cluster/model/versions.js';
import { inWords } from './release-changes.js';

/** The releases of a cluster. */
export interface ClusterReleases {
  readonly server: Release;
  readonly kubelet: Release;
}

/** A switch that two clusters' releases set differently. */
export interface BehaviourDifference {
  readonly name: SwitchName;
  readonly says: string;
  /** What holds in each, in words. */
  readonly a: string;
  readonly b: string;
  readonly effect: string;
  readonly source: string;
}

/** The switches that differ between the releases of two clusters. */
export function behaviourDifferences(a: ClusterReleases, b: ClusterReleases): readonly BehaviourDifference[] {
  const [first, second] = [behavioursOf(a.server, a.kubelet), behavioursOf(b.server, b.kubelet)];
  return SWITCH_NAMES.filter((name) => first[name] !== second[name]).map((name) => ({
    name,
    says: SWITCHES[name].says,
    a: wordsOf(name, first),
    b: wordsOf(name, second),
    effect: SWITCHES[name].effect,
    source: SWITCHES[name].source,
  }));
}

function wordsOf(name: SwitchName, behaviours: Behaviours): string {
  return inWords(SWITCHES[name], behaviours[name]);
}

/** `1.36`, or `1.36 with kubelets 1.34`. */
export function releasesText({ server, kubelet }: ClusterReleases): string {
  return server === kubelet ? server : `${server} with kubelets ${kubelet}`;
}
