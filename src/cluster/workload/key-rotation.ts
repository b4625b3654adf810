import { MINUTE_US, SECOND_US } from '../../sim/units.js';
import type { ApiServerConfig, ClientLimits, RunInput } from '../model/model-input.js';
import { occurrences } from '../model/occurrences.js';
import type { Randomness } from '../model/randomness.js';
import type { RotateEncryptionKeyAction } from '../model/timeline-actions.js';
import { longestShutdownUs } from './graceful-shutdown.js';

/**
 * A rotation of the encryption key (kubernetes.io, "Rotate a decryption key"): the key is added second, so that every
 * server can read what is encrypted with it; then it is made first; then all Secrets are rewritten; then the old key is
 * removed. Each time the servers have to read the configuration: when they start, or, from 1.26 on with
 * `--encryption-provider-config-automatic-reload`, as they run.
 */

/** From one server's stop to the next one's (assumption: one after another, each back before the next one ends). */
const ROTATION_STAGGER_US = 120 * SECOND_US;
/**
 * From one change of the file to the next where servers reload it: a poll of each, and as much again to see that all
 * have done it (assumption).
 */
const RELOAD_ROUND_US = 2 * MINUTE_US;

/**
 * The client of the controller for StorageVersionMigrations has 20 times the requests per second of
 * kube-controller-manager's `--kube-api-qps` and 100 times its `--kube-api-burst`
 * (`cmd/kube-controller-manager/app/storageversionmigrator.go` newSVMController, ≥1.30).
 */
const MIGRATION_QPS_FACTOR = 20;
const MIGRATION_BURST_FACTOR = 100;

/** A server reads the configuration as it runs. */
export interface Reload {
  readonly server: number;
  readonly at: number;
  /** Providers of Secrets in it. */
  readonly providers: number;
}

/** The rounds before Secrets are rewritten. */
function roundsBefore({ restarts, skipsFirstRound }: RotateEncryptionKeyAction): number {
  if (!restarts) return 0;
  return skipsFirstRound === true ? 1 : 2;
}

/** From one round to the next, µs. */
function roundUs({ reload }: RotateEncryptionKeyAction, { apiServers, apiServer }: RunInput): number {
  return reload === true ? RELOAD_ROUND_US : apiServers * staggerUs(apiServer) + longestShutdownUs(apiServer);
}

/** When a key rotation that begins at `at` starts to rewrite objects: servers use the new key first by then. */
export function rewritingStartsAt(entry: RotateEncryptionKeyAction, at: number, input: RunInput): number {
  return at + roundsBefore(entry) * roundUs(entry, input);
}

/** When the rounds of a rotation begin whose rewriting takes `rewritingUs`: those before it, and the one after it. */
export function roundsOf(
  entry: RotateEncryptionKeyAction,
  at: number,
  input: RunInput,
  rewritingUs: number,
): readonly number[] {
  if (!entry.restarts) return [];
  const before = Array.from({ length: roundsBefore(entry) }, (_, round) => at + round * roundUs(entry, input));
  return [...before, rewritingStartsAt(entry, at, input) + rewritingUs];
}

/** When a round that begins at `start` has a server restart. */
export function restartInRound(start: number, server: number, { apiServer }: RunInput): number {
  return start + server * staggerUs(apiServer);
}

/** A server whose flags let it take long to end is waited for. */
function staggerUs(apiServer: ApiServerConfig): number {
  if (apiServer.gracefulShutdown === undefined) return ROTATION_STAGGER_US;
  return Math.max(ROTATION_STAGGER_US, longestShutdownUs(apiServer) + MINUTE_US);
}

/** All reloads, in the order of the timeline. `rewritingUs`: how long a rotation rewrites objects. */
export function plannedReloads(input: RunInput, random: Randomness, rewritingUs: (entry: number) => number): Reload[] {
  return input.timeline.flatMap((entry, index) => {
    if (entry.action !== 'rotateEncryptionKey' || entry.reload !== true) return [];
    return occurrences(entry, index, input.durationUs, random).flatMap((at) => {
      const rounds = roundsOf(entry, at, input, rewritingUs(index));
      return rounds.flatMap((start, round) =>
        // Providers of the old key and of the new one; at last, only of the new one.
        Array.from({ length: input.apiServers }, (_, server) => ({
          server,
          at: noticedAt(start, server, input, random),
          providers: round === rounds.length - 1 ? 1 : 2,
        })),
      );
    });
  });
}

/**
 * When a server sees a change of the file at `at`: with its next look at it, each minute from 1.29 on
 * (`encryptionconfig/controller/controller.go` EncryptionConfigFileChangePollDuration), before at once (fsnotify). Each
 * server looks at a time of its own, round after round.
 */
function noticedAt(at: number, server: number, { behaviours }: RunInput, random: Randomness): number {
  const pollUs = behaviours.encryptionConfigPoll * SECOND_US;
  if (pollUs === 0) return at;
  const phase = Math.floor(random.encryptionConfig.uniform(server, 0, 0) * pollUs);
  return at + ((((phase - at) % pollUs) + pollUs) % pollUs);
}

/** The earliest that a migration which begins at `from` may send its write number `position`, µs. */
export function migrationAllows(from: number, position: number, { qps, burst }: ClientLimits): number {
  const beyond = Math.max(0, position - burst * MIGRATION_BURST_FACTOR + 1);
  return from + Math.ceil((beyond * SECOND_US) / (qps * MIGRATION_QPS_FACTOR));
}

/** Objects that a migration rewrites per second where nothing queues: one after another, within its client's limit. */
export function migrationRatePerS(
  { write }: Pick<ApiServerConfig, 'write'>,
  roundTripUs: number,
  { qps }: ClientLimits,
): number {
  return Math.min(SECOND_US / Math.max(1, write.p50Us + roundTripUs), qps * MIGRATION_QPS_FACTOR);
}
