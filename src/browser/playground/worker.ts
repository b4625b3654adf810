/* The worker of the playground: reads experiments and dumps, and simulates. */
import type { TopologyFile } from '../../cluster/model/topology-file.js';
import { isGzip } from '../../experiment/language/values/foreign-format.js';
import { InputError } from '../../experiment/language/values/input-error.js';
import { answer, ClusterKeeper, readQuestion, secondsFor } from '../../playground/answer.js';
import { importDump } from '../../playground/import-dump.js';
import type { WorkerReply, WorkerRequest } from '../../playground/protocol.js';

/** Estimated seconds from which on a run is only made on request. */
const LONG_S = 6;

let topology: TopologyFile | null = null;
const clusters = new ClusterKeeper();

async function replyTo(request: Exclude<WorkerRequest, { kind: 'cluster' }>): Promise<WorkerReply> {
  const { id } = request;
  try {
    if (request.kind === 'import') {
      const imported = await importDump(request.name, await unpacked(request.dump));
      topology = imported.topology;
      return { kind: 'cluster', id, ...imported };
    }
    const began = performance.now();
    const question = await readQuestion({ text: request.text, topology });
    const estimate = secondsFor(question);
    if (estimate > LONG_S && !request.patient) return { kind: 'long', id, seconds: estimate };
    const found = answer(question, clusters);
    return { kind: 'answer', id, answer: found, seconds: (performance.now() - began) / 1000 };
  } catch (error) {
    return { kind: 'problems', id, problems: problemsOf(error) };
  }
}

function problemsOf(error: unknown): readonly string[] {
  if (error instanceof InputError) return error.problems;
  return [`this browser could not compute it: ${error instanceof Error ? error.message : String(error)}`];
}

/** The bytes of a dump, gzip unpacked whatever its name. */
async function unpacked(dump: Blob): Promise<ReadableStream<Uint8Array>> {
  const head = new Uint8Array(await dump.slice(0, 2).arrayBuffer());
  return isGzip(head) ? dump.stream().pipeThrough(new DecompressionStream('gzip')) : dump.stream();
}

addEventListener('message', ({ data }: MessageEvent<WorkerRequest>) => {
  if (data.kind === 'cluster') topology = data.topology;
  else void replyTo(data).then((reply) => postMessage(reply));
});
