import type { ServerMachine } from '../../cluster/model/model-input.js';
import { sizeBytes } from './values/quantities.js';

/** What the machine of an API server has; Infinity where nobody says it. */
export type ServerLimits = Pick<ServerMachine, 'cores' | 'memoryBytes'>;

/** `cores` and `memory` of `spec.apiServer`, or of factors in their place; they have to be right. */
export interface WrittenLimits {
  readonly cores?: string | number | undefined;
  readonly memory?: string | number | undefined;
}

/** The limits as numbers. */
export function serverLimits({ cores = 'unlimited', memory = 'unlimited' }: WrittenLimits): ServerLimits {
  return {
    cores: cores === 'unlimited' ? Infinity : Number(cores),
    memoryBytes: memory === 'unlimited' ? Infinity : sizeBytes(memory),
  };
}
