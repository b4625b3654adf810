import type { TopologyFile } from '../cluster/model/topology-file.js';
import type { ReadSettings } from '../import/kubelet/parse-settings.js';
import type { Answer } from './answer.js';
import type { DumpedCluster } from './dumped-cluster.js';
import type { FinishedRun } from './finished-run.js';
import type { PlaygroundJob, Question } from './question.js';

/** What the page asks a worker. It has one reply. */
export type WorkerRequest =
  /** Reads a question: what has to be run for it? */
  | { readonly kind: 'plan'; readonly question: Question }
  | { readonly kind: 'run'; readonly question: Question; readonly job: PlaygroundJob }
  /** The answer from runs, wherever they were made. */
  | { readonly kind: 'fold'; readonly question: Question; readonly runs: readonly FinishedRun[] }
  /** Reads a file that was dropped: a dump of a cluster, or a kubelet's configuration. */
  | { readonly kind: 'read'; readonly name: string; readonly file: Blob }
  /** The dumped cluster, for a worker that has not read it itself. */
  | { readonly kind: 'take'; readonly topology: TopologyFile };

/** What the worker replies. */
export type WorkerReply =
  | Plan
  | { readonly kind: 'run'; readonly run: FinishedRun }
  | { readonly kind: 'answer'; readonly answer: Answer }
  | { readonly kind: 'cluster'; readonly cluster: DumpedCluster; readonly topology: TopologyFile }
  | ({ readonly kind: 'kubelet' } & ReadSettings)
  | { readonly kind: 'taken' }
  | { readonly kind: 'problems'; readonly problems: readonly string[] };

/** What has to be run for a question. */
export interface Plan {
  readonly kind: 'plan';
  readonly jobs: readonly PlaygroundJob[];
  /** Scenarios: as many jobs come first until each has a run. */
  readonly scenarios: number;
  /** Roughly how long one worker takes until each scenario has a run, seconds. */
  readonly seconds: number;
  /** Of the largest cluster, for what a worker holds in memory. */
  readonly consumers: number;
}
