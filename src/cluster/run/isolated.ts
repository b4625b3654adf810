import { entriesOf, Kubelet } from '../kubelet/kubelet.js';
import { FIXED_REFERENCES } from '../kubelet/pod-references.js';
import { Reads } from '../kubelet/reads.js';
import { strategyNamed } from '../kubelet/secret-manager/strategies.js';
import { NO_TOKENS } from '../kubelet/token-manager.js';
import { StormLog } from '../meters/storm-log.js';
import { NO_FIGURES, type ServerFigures } from '../record/server-figures.js';
import type { Driver, DriverParts } from './driver.js';

/**
 * Kubelets that do not meet: API servers answer at once whatever reaches them, writes are committed at times that are
 * known before, pods neither come nor go. So nodes can be simulated one after another, and by threads.
 */
export class IsolatedDriver implements Driver {
  readonly kubelet: Kubelet;
  readonly storms = new StormLog(0);
  readonly writing = false;
  readonly replacing = false;
  constructor({ world, ttlUs, horizon, eager }: DriverParts) {
    const { strategy, whatIf } = world.input.kubelet;
    const { isolated, syncsOnEvents } = strategyNamed(strategy);
    this.kubelet = new Kubelet(
      world,
      {
        ...isolated({ world, ttlUs, listener: entriesOf(() => this.kubelet) }),
        coupled: false,
        reads: new Reads(),
        tokens: NO_TOKENS,
        references: FIXED_REFERENCES,
        syncsOnEvents: syncsOnEvents || whatIf.syncOnWatchEvent,
        running: () => undefined,
        isCurrent: () => true,
        knownToRun: () => undefined,
      },
      horizon,
      eager,
    );
  }

  start(): void {
    // Commits are scheduled node by node, and nothing else happens.
  }

  handle(kind: number, entity: number, argument: number): void {
    this.kubelet.handle(kind, entity, argument);
  }

  figures(): ServerFigures {
    return NO_FIGURES;
  }
}
