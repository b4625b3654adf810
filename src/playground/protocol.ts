import type { TopologyFile } from '../cluster/model/topology-file.js';
import type { Answer } from './answer.js';
import type { DumpedCluster } from './dumped-cluster.js';

/** What the page asks its worker. Replies carry the number of their request. */
export type WorkerRequest =
  | {
      readonly kind: 'ask';
      readonly id: number;
      readonly text: string;
      /** The user waits for an answer, however long it takes. */
      readonly patient: boolean;
    }
  | { readonly kind: 'import'; readonly id: number; readonly name: string; readonly dump: Blob }
  /** The dumped cluster, for a worker that has not read it itself. */
  | { readonly kind: 'cluster'; readonly topology: TopologyFile };

/** What the worker answers. */
export type WorkerReply =
  | {
      readonly kind: 'answer';
      readonly id: number;
      readonly answer: Answer;
      /** Seconds from the YAML to the answer. */
      readonly seconds: number;
    }
  /** An answer that takes longer than anyone expects of a knob; `seconds` is an estimate. */
  | { readonly kind: 'long'; readonly id: number; readonly seconds: number }
  | {
      readonly kind: 'cluster';
      readonly id: number;
      readonly cluster: DumpedCluster;
      readonly topology: TopologyFile;
    }
  | { readonly kind: 'problems'; readonly id: number; readonly problems: readonly string[] };
