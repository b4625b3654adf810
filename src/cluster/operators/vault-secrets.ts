import { UniformInterval } from '../../sim/distributions.js';
import { SECOND_US } from '../../sim/units.js';
import type { VaultSecretsInput } from '../model/operators-input.js';
import type { World } from '../world/world.js';
import type { SyncLaw } from './sync-law.js';

/** Without refreshAfter a VaultStaticSecret is read this often all the same, for drift detection (`hmacSecretData`, on by default). */
const DRIFT_DETECTION_US = 60 * SECOND_US;
/** `computeHorizonWithJitter`: requeued after U(0.8, 0.9] of it. */
const HORIZON_MIN = 0.8;
const HORIZON_MAX = 0.9;
/**
 * `DefaultExponentialBackOffOpts` (`controllers/registry.go`): 5 s, 1.5 times as much each time, up to 60 s, times
 * U[0.5, 1.5) (`cenkalti/backoff` DefaultMultiplier, DefaultRandomizationFactor).
 */
const BACK_OFF_US = 5 * SECOND_US;
const BACK_OFF_MAX_US = 60 * SECOND_US;
const BACK_OFF_FACTOR = 1.5;
const RANDOMIZATION = 0.5;
/** From a change in Vault until its event stream has told the operator (assumption). */
const EVENT_US = SECOND_US;

/** Each reconcile ends with an update of the VaultStaticSecret's status. */
const OWN_REQUESTS = { before: 0, between: 0, after: 1 };

/**
 * Vault Secrets Operator v1.4.1 (`controllers/vaultstaticsecret_controller.go`): each VaultStaticSecret has a time of its
 * own, U(0.8, 0.9] of refreshAfter after the last, with 100 workers; with instantUpdates Vault tells of changes besides. A
 * restart reads all of them at once. Its client has no limit, as those of controller-runtime since 0.21 (assumption).
 */
export class VaultSecretsLaw implements SyncLaw {
  readonly concurrent: number;
  readonly limits = null;
  readonly requests = OWN_REQUESTS;
  readonly callsStore = true;
  readonly toldAfterUs: number;
  private readonly horizon: UniformInterval;
  private readonly drawn: Uint32Array;

  constructor(
    { refreshAfterUs, concurrent, instantUpdates }: VaultSecretsInput,
    private readonly world: Pick<World, 'random' | 'sim' | 'population'>,
    private readonly objects: Int32Array,
  ) {
    const base = refreshAfterUs === 0 ? DRIFT_DETECTION_US : refreshAfterUs;
    this.horizon = new UniformInterval(HORIZON_MIN * base, HORIZON_MAX * base);
    this.concurrent = concurrent;
    this.toldAfterUs = instantUpdates ? EVENT_US : Infinity;
    this.drawn = new Uint32Array(objects.length);
  }

  firstDue(item: number): number {
    return this.world.sim.now + Math.floor(this.horizon.residual(this.draw(item)));
  }

  nextDue(item: number, _began: number, ended: number): number {
    return ended + Math.floor(this.horizon.longest - this.draw(item) * (this.horizon.longest - this.horizon.shortest));
  }

  retryAt(item: number, failures: number, now: number): number {
    let wait = BACK_OFF_US;
    for (let failure = 1; failure < failures && wait < BACK_OFF_MAX_US; failure++) wait *= BACK_OFF_FACTOR;
    const factor = 1 - RANDOMIZATION + 2 * RANDOMIZATION * this.draw(item);
    return now + Math.floor(Math.min(wait, BACK_OFF_MAX_US) * factor);
  }

  dueAfterRestart(_due: number, now: number): number {
    return now;
  }

  /** A number in [0, 1) for an item; the controller draws by the same names, so these have addresses beyond its own. */
  private draw(item: number): number {
    const { population, random } = this.world;
    const object = this.objects[item];
    const { objectNameHigh, objectNameLow } = population;
    return random.operatorTimes.uniform(objectNameHigh[object], objectNameLow[object], this.drawn[item]++);
  }
}
