import type { ObjectKind } from '../../cluster/model/kinds.js';
import { classesOf, isPattern, objectMatcher } from '../../cluster/model/target-names.js';
import { atLeast, type Release } from '../../cluster/model/releases.js';
import type { TopologyFile } from '../../cluster/model/topology-file.js';
import { covers, presentOperators, renewalPeriodUs } from './compile-operators.js';
import type { Problem } from './problems.js';
import type { ExperimentSpec } from './schema.js';
import type { TargetCheck } from './targets.js';

/** Gate KubeletEnsureSecretPulledImages: beta and on (KEP-2535). */
const PULLED_IMAGES_SINCE: Release = '1.35';

/** Operators that write objects, and of which kind. */
const WRITERS = [
  ['externalSecrets', 'Secret'],
  ['vaultSecrets', 'Secret'],
  ['certManager', 'Secret'],
  ['trustManager', 'ConfigMap'],
] as const satisfies readonly (readonly [string, ObjectKind])[];

/**
 * What is wrong with operators, and with what needs them. `checkTarget`: null where the cluster is not known; `file`: of an
 * imported cluster.
 */
export function operatorProblems(
  spec: ExperimentSpec,
  checkTarget: TargetCheck | null,
  file: TopologyFile | null,
): Problem[] {
  return [
    ...targetProblems(spec, checkTarget),
    ...overlapProblems(spec),
    ...volumeProblems(spec),
    ...bundleProblems(spec, checkTarget),
    ...(file === null ? [] : rotationProblems(spec, file)),
    ...timelineProblems(spec),
    ...settingProblems(spec),
  ];
}

/** Objects of operators that the cluster has not, or has of another kind. */
function targetProblems({ operators, objects }: ExperimentSpec, checkTarget: TargetCheck | null): Problem[] {
  if (operators === undefined) return [];
  return WRITERS.flatMap(([operator, kind]): Problem[] => {
    const target = operators[operator]?.objects;
    if (target === undefined) return [];
    const steps = ['spec', 'operators', operator, 'objects'];
    const given = objects.find(({ name }) => name === target);
    // Ways are compared by giving a class another kind: the operator is switched off then.
    if (operators[operator]?.enabled === false) return [];
    if (given !== undefined && given.kind !== kind)
      return [{ steps, message: `is the name of a ${given.kind}; ${operator} writes ${kind}s` }];
    const reason = checkTarget?.({ action: 'rotateAtSource', target, kind });
    return reason === undefined ? [] : [{ steps, message: reason }];
  });
}

/** Classes that two operators would write. */
function overlapProblems({ operators, objects }: ExperimentSpec): Problem[] {
  if (operators === undefined) return [];
  const owner = new Map<string, string>();
  return WRITERS.flatMap(([operator, kind]): Problem[] => {
    const given = presentOperators(operators)[operator];
    if (given === undefined) return [];
    return classesOf(objects, given.objects, kind).flatMap(({ name }): Problem[] => {
      const other = owner.get(name);
      owner.set(name, operator);
      if (other === undefined) return [];
      const steps = ['spec', 'operators', operator, 'objects'];
      return [{ steps, message: `${other} writes objects of the class ${name}, too: an object has one who writes it` }];
    });
  });
}

/** Volumes of the CSI driver, which need it. */
function volumeProblems({ operators, objects }: ExperimentSpec): Problem[] {
  const driver = operators && presentOperators(operators).secretsStore;
  return objects.flatMap(({ kind, as, immutable }, index): Problem[] => {
    if (kind !== 'SecretProviderClass') return [];
    const problem = (field: string, message: string): Problem => ({
      steps: ['spec', 'objects', index, field],
      message,
    });
    return [
      ...(driver === undefined
        ? [problem('kind', 'is mounted by the Secrets Store CSI driver: add operators: {secretsStore: {}}')]
        : []),
      ...(as === 'volume' ? [] : [problem('as', 'a SecretProviderClass is a volume: write as: volume')]),
      ...(Number(immutable) === 0 ? [] : [problem('immutable', 'a SecretProviderClass cannot be immutable')]),
    ];
  });
}

/** The Secret that trust-manager's bundle is made from; copies of it change with it only. */
function bundleProblems({ operators, objects, timeline }: ExperimentSpec, checkTarget: TargetCheck | null): Problem[] {
  const trustManager = operators && presentOperators(operators).trustManager;
  const { source } = trustManager ?? {};
  if (trustManager === undefined || source === undefined) return [];
  const steps = ['spec', 'operators', 'trustManager', 'source'];
  const given = objects.find(({ name }) => name === source);
  const one = 'name one Secret: a class of scope cluster and count 1, or namespace/name';
  if (isPattern(source) || (given !== undefined && (given.scope !== 'cluster' || given.count !== 1)))
    return [{ steps, message: `is more than one Secret: ${one}` }];
  if (given !== undefined && given.kind !== 'Secret')
    return [{ steps, message: `is the name of a ${given.kind}: ${one}` }];
  const reason = checkTarget?.({ action: 'rotateAtSource', target: source, kind: 'Secret' });
  if (reason !== undefined) return [{ steps, message: reason }];
  return timeline.flatMap(({ rotateAtSource: target }, index): Problem[] => {
    const copied =
      target !== undefined && (covers(target, trustManager.objects) || covers(trustManager.objects, target));
    const message = `is a copy of ${source} (operators.trustManager.source): change that`;
    return copied ? [{ steps: ['spec', 'timeline', index, 'rotateAtSource'], message }] : [];
  });
}

/** Rotations of what the CSI driver mounts in an imported cluster, without it. */
function rotationProblems({ operators, timeline }: ExperimentSpec, { objects }: TopologyFile): Problem[] {
  if (operators !== undefined && presentOperators(operators).secretsStore !== undefined) return [];
  return timeline.flatMap(({ rotateAtSource: target, kind = null }, index): Problem[] => {
    if (target === undefined) return [];
    const isMeant = objectMatcher(target, kind);
    if (!objects.some((object) => object.kind === 'SecretProviderClass' && isMeant(object))) return [];
    const message =
      'is mounted by the Secrets Store CSI driver: add operators: {secretsStore: {enableSecretRotation: true}}';
    return [{ steps: ['spec', 'timeline', index, 'rotateAtSource'], message }];
  });
}

/** Entries of the timeline that concern operators, where there are none. */
function timelineProblems({ operators, timeline }: ExperimentSpec): Problem[] {
  if (operators !== undefined) return [];
  return timeline.flatMap((entry, index): Problem[] =>
    (['sourceOutage', 'restartOperator'] as const).flatMap((action): Problem[] => {
      if (entry[action] === undefined) return [];
      const message = 'there are none: add spec.operators, such as {externalSecrets: {objects: app-tls}}';
      return [{ steps: ['spec', 'timeline', index, action], message }];
    }),
  );
}

function settingProblems({ operators, pipeline, cluster }: ExperimentSpec): Problem[] {
  if (operators === undefined) return [];
  const { kubernetesVersion, kubeletVersion = kubernetesVersion } = cluster;
  const problems: Problem[] = [];
  const steps = ['spec', 'operators'];
  if (pipeline?.source !== undefined) {
    const message = 'says in short what spec.operators says: leave out either';
    problems.push({ steps: ['spec', 'pipeline', 'source'], message });
  }
  if (presentOperators(operators).pulledImages !== undefined && !atLeast(kubeletVersion, PULLED_IMAGES_SINCE)) {
    const message = `kubelets check pulled images from ${PULLED_IMAGES_SINCE} on, these are of ${kubeletVersion}`;
    problems.push({ steps: [...steps, 'pulledImages'], message });
  }
  if (operators.store.burst !== undefined && operators.store.rateLimit === undefined) {
    const message = 'belongs to a rateLimit, such as 100/s';
    problems.push({ steps: [...steps, 'store', 'burst'], message });
  }
  const { certManager } = operators;
  if (certManager !== undefined && renewalPeriodUs(certManager) <= 0) {
    const message = `must be less than duration ${certManager.duration}: else a certificate is due when it is issued`;
    problems.push({ steps: [...steps, 'certManager', 'renewBefore'], message });
  }
  return problems;
}
