import type { Release } from '../cluster/model/releases.js';
import type { Samples } from '../experiment/language/compile.js';
import type { Experiment } from '../experiment/language/experiment.js';
import type { Overrides } from '../experiment/language/layers.js';
import { experimentOn } from '../experiment/language/load-experiment.js';
import type { SpecInput } from '../experiment/language/schema.js';
import { readKubeletSettings } from '../import/kubelet/read-settings.js';
import { type Change, changesOf } from './changes.js';
import { type DumpOptions, readSubject, updateOf } from './subject.js';

/** What is asked of a cluster. */
export interface WhatIfOptions extends Overrides, DumpOptions {
  /** An experiment, a topology file, or a dump of a cluster. */
  readonly files: readonly string[];
  /** Kubelet configurations in place of the cluster's own, and those that it has now, where the files do not tell. */
  readonly kubeletFiles?: readonly string[];
  readonly kubeletFilesNow?: readonly string[];
  /** Release of API servers and kubelets, and that which they have now, where the files do not tell. */
  readonly upgrade?: Release;
  readonly release?: Release;
  /** Times as many nodes. */
  readonly scale?: number;
  /** Targets that are updated, in place of the timeline: `namespace/name` or patterns of it. */
  readonly updates?: readonly string[];
  readonly samples?: Samples;
}

/** The question as an experiment: the cluster as it is, and as it would be. */
export interface WhatIf {
  readonly experiment: Experiment;
  readonly changes: readonly Change[];
  /** The topology of a dump as a file, for the results to refer to; null where there is one already. */
  readonly topology: Buffer | null;
  readonly notes: readonly string[];
}

/** Names of the two scenarios. */
const NOW = 'now';
const THEN = 'what if';

/**
 * Makes the experiment of a question: the first scenario is the cluster with its own settings, the second one has all
 * changes together. Without any, there is only the first. Throws an InputError with every problem found.
 */
export async function whatIf(options: WhatIfOptions): Promise<WhatIf> {
  const { files, kubeletFiles, kubeletFilesNow = [], upgrade, scale, updates = [], set, seed, replications } = options;
  const subject = await readSubject(files, options);
  const current = await readKubeletSettings(kubeletFilesNow);
  const wanted = kubeletFiles === undefined ? null : await readKubeletSettings(kubeletFiles);
  const spec = asItIs(subject.spec, options.release, current.settings);
  const changes = changesOf(spec, {
    ...(wanted !== null && { kubelet: wanted.settings }),
    ...(upgrade !== undefined && { upgrade }),
    ...(scale !== undefined && { scale }),
  });
  const document = {
    apiVersion: 'secretsim/v1',
    kind: 'Experiment',
    metadata: { name: subject.name },
    spec: {
      ...spec,
      ...(updates.length > 0 && { timeline: updates.map((target) => updateOf(target, subject.topology)) }),
      ...scenariosOf(changes),
    },
  };
  const experiment = await experimentOn(document, subject.topologies, {
    ...(set !== undefined && { set }),
    ...(seed !== undefined && { seed }),
    ...(replications !== undefined && { replications }),
    ...(options.samples !== undefined && { samples: options.samples }),
  });
  const notes = [...subject.notes, ...current.notes, ...(wanted?.notes ?? [])];
  return { experiment, changes, topology: subject.bytes, notes };
}

/** The settings of the cluster, with what the files do not tell of them. */
function asItIs(spec: SpecInput, release: Release | undefined, kubelet: SpecInput['kubelet']): SpecInput {
  const releases = release === undefined ? {} : { kubernetesVersion: release, kubeletVersion: release };
  return { ...spec, cluster: { ...spec.cluster, ...releases }, kubelet: { ...spec.kubelet, ...kubelet } };
}

/** The two scenarios, as a factor that sets all that changes at once. */
function scenariosOf(changes: readonly Change[]): Pick<SpecInput, 'baseline' | 'names' | 'factors'> {
  if (changes.length === 0) return { baseline: NOW };
  const values =
    changes.length === 1
      ? [changes[0].now, changes[0].then]
      : [changes.map(({ now }) => now), changes.map(({ then }) => then)];
  return { baseline: NOW, names: [NOW, THEN], factors: { [changes.map(({ path }) => path).join(' & ')]: values } };
}
