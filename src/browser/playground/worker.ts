/* A worker of the playground: reads experiments and dumps, simulates, and puts answers together. */
import type { WorkerRequest } from '../../playground/protocol.js';
import { WorkerTasks } from '../../playground/worker-tasks.js';

const tasks = new WorkerTasks();

addEventListener('message', ({ data }: MessageEvent<WorkerRequest>) => {
  void tasks.reply(data).then((reply) => postMessage(reply));
});
