import { SECOND_US } from '../../sim/units.js';
import type { RunInput } from '../model/model-input.js';
import type { RestartApiServerAction, RotateEncryptionKeyAction } from '../model/timeline-actions.js';
import type { Randomness } from '../model/randomness.js';
import { occurrences } from '../model/occurrences.js';

/** A planned stop of an API server. */
export interface Restart {
  readonly server: number;
  readonly at: number;
  readonly downtimeUs: number;
  readonly graceful: boolean;
}

/**
 * Restarts in a rotation of the encryption key (assumptions: one server after another, each back before the
 * next one ends). The key is added second, then made first, then the old one is removed; the configuration is
 * read when a server starts (kubernetes.io, "Rotate a decryption key").
 */
const ROTATION_STAGGER_US = 120 * SECOND_US;
const ROTATION_DOWNTIME_US = 10 * SECOND_US;
const ROUNDS_BEFORE_REWRITING = 2;

/** All planned restarts, in the order of the timeline. `rewritingUs`: how long a rotation rewrites objects. */
export function plannedRestarts(
  input: RunInput,
  random: Randomness,
  rewritingUs: (entry: number) => number,
): Restart[] {
  return input.timeline.flatMap((entry, index) => {
    if (entry.action === 'restartApiServer') {
      return occurrences(entry, index, input.durationUs, random).flatMap((at) => rolling(entry, at, input.apiServers));
    }
    if (entry.action !== 'rotateEncryptionKey' || !entry.restarts) return [];
    return occurrences(entry, index, input.durationUs, random).flatMap((at) => {
      const rounds = [0, 1].map((round) => at + round * roundUs(input));
      const removal = rewritingStartsAt(entry, at, input) + rewritingUs(index);
      return [...rounds, removal].flatMap((start) => rotationRound(start, input.apiServers));
    });
  });
}

/** When a key rotation that begins at `at` starts to rewrite objects: servers use the new key first by then. */
export function rewritingStartsAt(entry: RotateEncryptionKeyAction, at: number, input: RunInput): number {
  return entry.restarts ? at + ROUNDS_BEFORE_REWRITING * roundUs(input) : at;
}

function roundUs(input: RunInput): number {
  return input.apiServers * ROTATION_STAGGER_US + input.apiServer.shutdownUs;
}

function rotationRound(start: number, servers: number): Restart[] {
  return Array.from({ length: servers }, (_, server) => ({
    server,
    at: start + server * ROTATION_STAGGER_US,
    downtimeUs: ROTATION_DOWNTIME_US,
    graceful: true,
  }));
}

function rolling(entry: RestartApiServerAction, at: number, apiServers: number): Restart[] {
  const servers = entry.servers === 'all' ? apiServers : entry.servers;
  return Array.from({ length: servers }, (_, server) => ({
    server,
    at: at + server * entry.staggerUs,
    downtimeUs: entry.downtimeUs,
    graceful: entry.mode === 'graceful',
  }));
}
