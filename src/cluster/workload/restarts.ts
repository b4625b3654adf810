import { SECOND_US } from '../../sim/units.js';
import type { RunInput } from '../model/model-input.js';
import type { RestartApiServerAction } from '../model/timeline-actions.js';
import type { Randomness } from '../model/randomness.js';
import { occurrences } from '../model/occurrences.js';
import { restartInRound, roundsOf } from './key-rotation.js';

/** A planned stop of an API server. */
export interface Restart {
  readonly server: number;
  readonly at: number;
  readonly downtimeUs: number;
  readonly graceful: boolean;
}

/** How long a server is down that reads a new encryption configuration (assumption). */
const ROTATION_DOWNTIME_US = 10 * SECOND_US;

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
    if (entry.action !== 'rotateEncryptionKey' || entry.reload === true) return [];
    return occurrences(entry, index, input.durationUs, random).flatMap((at) =>
      roundsOf(entry, at, input, rewritingUs(index)).flatMap((start) => rotationRound(start, input)),
    );
  });
}

function rotationRound(start: number, input: RunInput): Restart[] {
  return Array.from({ length: input.apiServers }, (_, server) => ({
    server,
    at: restartInRound(start, server, input),
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
