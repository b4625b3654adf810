import type { Latency, ModelInput } from '../../cluster/model/model-input.js';
import type { OperatorsInput } from '../../cluster/model/operators-input.js';
import { isPattern, patternMatcher } from '../../cluster/model/target-names.js';
import type { RotateAtSource, TimelineAction } from '../../cluster/model/timeline-actions.js';
import type { OperatorsSpec } from './operators-schema.js';
import type { ExperimentSpec, LatencySpec } from './schema.js';
import { durationUs } from './values/durations.js';
import { shareOf } from './values/percent.js';
import { ratePerS } from './values/rates.js';

/** A latency of the model. */
export function compileLatency(latency: LatencySpec): Latency {
  if (typeof latency === 'string') return { p50Us: durationUs(latency), p99Us: durationUs(latency) };
  return { p50Us: durationUs(latency.p50), p99Us: durationUs(latency.p99) };
}

/** An operator that is there; undefined where it is missing or switched off. */
function present<Operator extends { readonly enabled: boolean }>(given: Operator | undefined): Operator | undefined {
  return given?.enabled === true ? given : undefined;
}

/** Which of the operators are there. */
export function presentOperators(operators: OperatorsSpec) {
  return {
    externalSecrets: present(operators.externalSecrets),
    vaultSecrets: present(operators.vaultSecrets),
    secretsStore: present(operators.secretsStore),
    certManager: present(operators.certManager),
    trustManager: present(operators.trustManager),
    reloader: present(operators.reloader),
    pulledImages: present(operators.pulledImages),
  };
}

/** The operators of the model; null where the spec has none. */
export function compileOperators({ operators }: ExperimentSpec): OperatorsInput | null {
  if (operators === undefined) return null;
  const { externalSecrets, vaultSecrets, secretsStore, certManager, trustManager, reloader, pulledImages } =
    presentOperators(operators);
  const { latency, rateLimit, burst } = operators.store;
  const limit = rateLimit === undefined ? null : ratePerS(rateLimit);
  return {
    store: {
      latency: compileLatency(latency),
      rateLimit: limit === null ? null : { ratePerS: limit, burst: burst ?? Math.max(1, Math.round(limit)) },
    },
    informers: informersOf(operators),
    ...(externalSecrets && {
      externalSecrets: {
        ...limitsOf(externalSecrets),
        objects: externalSecrets.objects,
        refreshIntervalUs: durationUs(externalSecrets.refreshInterval),
        concurrent: externalSecrets.concurrent,
        groups: externalSecrets.groups,
      },
    }),
    ...(vaultSecrets && {
      vaultSecrets: {
        objects: vaultSecrets.objects,
        refreshAfterUs: vaultSecrets.refreshAfter === undefined ? 0 : durationUs(vaultSecrets.refreshAfter),
        concurrent: vaultSecrets.concurrent,
        instantUpdates: vaultSecrets.instantUpdates,
      },
    }),
    ...(secretsStore && {
      secretsStore: {
        rotates: secretsStore.enableSecretRotation,
        republishes: secretsStore.version !== '1.5',
        pollUs: durationUs(secretsStore.rotationPollInterval),
      },
    }),
    ...(certManager && {
      certManager: {
        ...limitsOf(certManager),
        objects: certManager.objects,
        concurrent: certManager.concurrent,
      },
    }),
    ...(trustManager && {
      trustManager: {
        objects: trustManager.objects,
        ...(trustManager.source !== undefined && { source: trustManager.source }),
      },
    }),
    ...(reloader && { reloader: limitsOf(reloader) }),
    ...(pulledImages && { pulledImages: { registry: compileLatency(pulledImages.registry) } }),
  };
}

function limitsOf({ kubeAPIQPS, kubeAPIBurst }: { readonly kubeAPIQPS: number; readonly kubeAPIBurst: number }) {
  return { qps: kubeAPIQPS, burst: kubeAPIBurst };
}

/**
 * Informers of all Secrets and of all ConfigMaps that operators have: those who write Secrets watch them, too (metadata
 * alone, taken as whole objects: an assumption), and Reloader watches both.
 */
function informersOf(operators: OperatorsSpec): OperatorsInput['informers'] {
  const { externalSecrets, vaultSecrets, certManager, trustManager, reloader } = presentOperators(operators);
  const count = (...given: readonly unknown[]): number => given.filter((each) => each !== undefined).length;
  return {
    secrets: count(externalSecrets, vaultSecrets, certManager, reloader),
    configMaps: count(trustManager, reloader),
  };
}

/** Those who watch whole resources, where there are any: as given, and the operators. */
export function compileClusterWatchers({
  cluster: { clusterWatchers: given = 0 },
  operators,
}: ExperimentSpec): Pick<ModelInput, 'clusterWatchers'> {
  const named = typeof given === 'number' ? { secrets: given, configMaps: given } : given;
  const own = operators === undefined ? { secrets: 0, configMaps: 0 } : informersOf(operators);
  const [secrets, configMaps] = [named.secrets + own.secrets, named.configMaps + own.configMaps];
  return secrets + configMaps === 0 ? {} : { clusterWatchers: { secrets, configMaps } };
}

/** Which share of the Deployments Reloader rolls out that use what an entry of the timeline changes, where it does. */
export function reloadsOf({ operators }: Pick<ExperimentSpec, 'operators'>): { readonly reloads?: number } {
  const reloader = operators && presentOperators(operators).reloader;
  const share = reloader === undefined ? 0 : shareOf(reloader.deployments);
  return share > 0 ? { reloads: share } : {};
}

/** Renewals that cert-manager's own clock brings: of certificates that were issued together, in one entry. */
export function renewals({ operators, duration }: ExperimentSpec): RotateAtSource[] {
  const certManager = operators && presentOperators(operators).certManager;
  if (certManager?.firstRenewal === undefined) return [];
  const untilUs = durationUs(duration);
  return [
    {
      action: 'rotateAtSource',
      target: certManager.objects,
      kind: 'Secret',
      ratePerS: null,
      order: 'given',
      firstUs: durationUs(certManager.firstRenewal),
      everyUs: renewalPeriodUs(certManager),
      untilUs,
      jitterUs: 0,
      ...reloadsOf({ operators }),
    },
  ];
}

/** From one renewal of a certificate to the next, µs. */
export function renewalPeriodUs({
  duration,
  renewBefore,
}: Pick<NonNullable<OperatorsSpec['certManager']>, 'duration' | 'renewBefore'>): number {
  const lifetimeUs = durationUs(duration);
  return lifetimeUs - (renewBefore === undefined ? Math.round(lifetimeUs / 3) : durationUs(renewBefore));
}

/**
 * What trust-manager copies: each change of the Secret that its bundle is made from is one of the copies, too. `timeline`:
 * all entries, as compiled.
 */
export function copies({ operators }: ExperimentSpec, timeline: readonly TimelineAction[]): RotateAtSource[] {
  const trustManager = operators && presentOperators(operators).trustManager;
  const { source } = trustManager ?? {};
  if (trustManager === undefined || source === undefined) return [];
  return timeline.flatMap((entry, follows): RotateAtSource[] => {
    if (entry.action !== 'update' && entry.action !== 'rotateAtSource') return [];
    const isMeant = (entry.kind ?? 'Secret') === 'Secret' && covers(entry.target, source);
    if (!isMeant) return [];
    const copied = { target: trustManager.objects, kind: 'ConfigMap', ratePerS: null, order: 'given' } as const;
    return [{ ...entry, ...copied, action: 'rotateAtSource', follows }];
  });
}

/** Whether a target, which may be a pattern, means the object or class of a name. */
export function covers(target: string, name: string): boolean {
  return isPattern(target) ? patternMatcher(target)(name) : target === name;
}
