import type { Simulator } from '../../sim/simulator.js';
import { EVENT } from '../model/events.js';
import { BORROWING_ADJUSTMENT_PERIOD_US } from './flow-control.js';
import type { RequestAdmission } from './request-admission.js';
import type { ServerProcess } from './server-process.js';

/**
 * When the servers' priority levels borrow seats of each other: each process does so from when it has read them, each
 * BORROWING_ADJUSTMENT_PERIOD_US (`configController.Run`: its informers have synced before `wait.Until(updateBorrowing)`,
 * util/flowcontrol/apf_controller.go; server ≥1.26). Before, one level has all seats.
 */
export class SeatBorrowing {
  constructor(
    private readonly sim: Simulator,
    private readonly processes: readonly ServerProcess[],
    private readonly admission: Pick<RequestAdmission, 'dispatchQueued'>,
  ) {}

  /** A server has read its priority levels. */
  levelsRead(server: number): void {
    const { flow } = this.processes[server];
    if (flow === null) return;
    flow.configure(this.sim.now);
    this.next(server);
  }

  /** EVENT.BORROW: of one process of a server. */
  adjust(server: number, incarnation: number): void {
    const { flow, incarnation: current } = this.processes[server];
    if (flow === null || incarnation !== current) return;
    flow.borrow(this.sim.now);
    this.admission.dispatchQueued(server);
    this.next(server);
  }

  private next(server: number): void {
    const at = this.sim.now + BORROWING_ADJUSTMENT_PERIOD_US;
    this.sim.schedule(at, EVENT.BORROW, server, this.processes[server].incarnation);
  }
}
