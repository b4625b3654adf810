import type { TopologyFile } from '../cluster/model/topology-file.js';
import { clusterSize } from '../experiment/language/cluster-size.js';
import type { ReadExperiment } from '../experiment/language/experiment.js';
import { InputError } from '../experiment/language/values/input-error.js';
import { answerOf } from './answer.js';
import { ClusterKeeper, finishJob } from './finished-run.js';
import type { WorkerReply, WorkerRequest } from './protocol.js';
import { jobsOfQuestion, type Question, readQuestion, secondsFor } from './question.js';
import { readDropped } from './read-file.js';

/** What a worker of the page does, without the worker itself. */
export class WorkerTasks {
  private topology: TopologyFile | null = null;
  private readonly clusters = new ClusterKeeper();
  /** The question that was read last: its runs come one by one. */
  private known: { readonly key: string; readonly experiment: ReadExperiment } | null = null;

  /** Replies to a request; what goes wrong is a reply, too. */
  async reply(request: WorkerRequest): Promise<WorkerReply> {
    try {
      return await this.served(request);
    } catch (error) {
      if (error instanceof InputError) return { kind: 'problems', problems: error.problems };
      const reason = error instanceof Error ? error.message : String(error);
      return { kind: 'problems', problems: [`this browser could not compute it: ${reason}`] };
    }
  }

  private async served(request: WorkerRequest): Promise<WorkerReply> {
    switch (request.kind) {
      case 'plan':
        return this.plan(await this.read(request.question));
      case 'run':
        return { kind: 'run', run: finishJob(await this.read(request.question), request.job, this.clusters) };
      case 'fold':
        return { kind: 'answer', answer: answerOf(await this.read(request.question), request.runs) };
      case 'read': {
        const read = await readDropped(request.name, request.file);
        if (read.kind === 'cluster') this.take(read.topology);
        return read;
      }
      case 'take':
        this.take(request.topology);
        return { kind: 'taken' };
    }
  }

  private plan(experiment: ReadExperiment): WorkerReply {
    const sizes = experiment.scenarios.map(({ input }) => clusterSize(input.cluster).consumers);
    return {
      kind: 'plan',
      jobs: jobsOfQuestion(experiment),
      scenarios: experiment.scenarios.length,
      seconds: secondsFor(experiment),
      consumers: Math.max(1, ...sizes),
    };
  }

  private take(topology: TopologyFile): void {
    this.topology = topology;
    this.known = null;
  }

  private async read(question: Question): Promise<ReadExperiment> {
    const key = JSON.stringify(question);
    if (this.known?.key !== key) this.known = { key, experiment: await readQuestion(question, this.topology) };
    return this.known.experiment;
  }
}
