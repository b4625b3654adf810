import { type Chunk, ChunkedNumbers, GrowableInt32 } from '../../sim/growable.js';

/** Sampled projections of some of a run's nodes. */
export interface SampledPart {
  readonly update: Int32Array;
  readonly consumer: Int32Array;
  readonly stages: readonly (readonly Chunk[])[];
}

/** Projections kept for `samples.csv`, parallel columns; consumers by their number in the whole cluster. */
export class SampledProjections {
  readonly update = new GrowableInt32();
  readonly consumer = new GrowableInt32();
  /** Cache delay, sync wait and refresh, µs. */
  readonly stages = [new ChunkedNumbers(), new ChunkedNumbers(), new ChunkedNumbers()] as const;

  add(update: number, consumer: number, cacheDelay: number, syncWait: number, refresh: number): void {
    this.update.push(update);
    this.consumer.push(consumer);
    this.stages[0].push(cacheDelay);
    this.stages[1].push(syncWait);
    this.stages[2].push(refresh);
  }

  part(): SampledPart {
    const { update, consumer, stages } = this;
    return {
      update: update.view().slice(),
      consumer: consumer.view().slice(),
      stages: stages.map((stage) => stage.part()),
    };
  }

  /** Adds those of other nodes. */
  absorb({ update, consumer, stages }: SampledPart): void {
    this.update.append(update);
    this.consumer.append(consumer);
    this.stages.forEach((stage, i) => {
      for (const chunk of stages[i]) stage.append(chunk);
    });
  }
}
