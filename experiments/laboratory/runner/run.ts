import { spawn } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { cpus, release as kernel, tmpdir, totalmem } from 'node:os';
import { join } from 'node:path';
import { csvLines } from '../../../src/report/csv.js';
import { readAuditLog, type AuditedRequest } from './audit-log.js';
import type { Binary } from './build.js';
import { readFacts } from './facts.js';
import type { GroupsFile } from './plan.js';
import { countRows, openWatchRows, requestRows, restartEventRows, restartRequestRows } from './request-tables.js';
import {
  endOfRounds,
  eventRows,
  fileRows,
  originOf,
  podRows,
  projectionRows,
  type Rows,
  sampleRows,
  updateRows,
} from './tables.js';

/** Runs a plan with a binary. Its folder for work is gone afterwards, but for one that has failed or is to be kept. */
export async function measure(binary: Binary, file: GroupsFile, out: string, keep: boolean): Promise<void> {
  const started = new Date();
  // Sockets lie in it, whose paths may have 107 characters.
  const work = await mkdtemp(join(tmpdir(), 'laboratory-'));
  const facts = join(work, 'facts');
  await mkdir(out, { recursive: true });
  await writeFile(join(work, 'plan.json'), JSON.stringify(file.plan));
  process.stdout.write(`Kubernetes ${binary.version} runs in ${work}; what was seen so far is in ${facts}\n`);
  const code = await run(binary.path, ['run', join(work, 'plan.json'), facts, work]);
  await writeTables(out, facts, join(work, 'audit.log'), file);
  await writeFile(join(out, 'laboratory.json'), `${JSON.stringify(manifest(binary, file, started), null, 2)}\n`);
  if (code !== 0) throw new Error(`the laboratory ended with ${code}; its logs are in ${join(work, 'logs')}`);
  if (!keep) await rm(work, { recursive: true, force: true });
}

/** What tells a reader where the numbers come from. */
function manifest({ version, modules }: Binary, { plan }: GroupsFile, started: Date): object {
  return {
    kubernetes: version,
    modules,
    machine: { cores: cpus().length, model: cpus()[0].model, memoryBytes: totalmem(), kernel: kernel() },
    started: started.toISOString(),
    seconds: Math.round((Date.now() - started.getTime()) / 1000),
    plan,
  };
}

/** Makes the tables of what was seen. */
export async function writeTables(out: string, folder: string, auditLog: string, file: GroupsFile): Promise<void> {
  const facts = readFacts(folder);
  const requests: AuditedRequest[] = [];
  for await (const request of readAuditLog(auditLog)) requests.push(request);
  const origin = originOf(requests);
  const end = endOfRounds(facts.events);
  const tables: Readonly<Record<string, Rows>> = {
    groups: groupRows(file),
    pods: podRows(facts, origin),
    updates: updateRows(facts.updates, origin),
    rewrites: updateRows(facts.rewrites, origin),
    projections: projectionRows(facts, origin),
    starts: fileRows(
      facts.projections.filter(({ first }) => first),
      origin,
    ),
    tokens: fileRows(
      facts.projections.filter(({ tokenChanged }) => tokenChanged),
      origin,
    ),
    events: eventRows(facts, origin),
    watches: sampleRows(facts, origin),
    requests: requestRows(requests, origin, end, true),
    'other-requests': requestRows(requests, origin, end, false),
    'open-watches': openWatchRows(requests, origin, end),
    'request-counts': countRows(requests, end),
    'restart-events': restartEventRows(facts.events),
    'restart-requests': restartRequestRows(requests, facts.events),
  };
  for (const [name, rows] of Object.entries(tables)) {
    // A header alone is a table of what did not happen.
    if (rows.length > 1) await writeFile(join(out, `${name}.csv`), csvLines(rows, { excel: false }));
  }
}

function groupRows({ groups }: GroupsFile): Rows {
  const columns = Object.keys(groups[0]);
  return [columns, ...groups.map((group) => Object.values(group) as (string | number)[])];
}

/** Runs a program that ends in good order when it is told to; SIGINT reaches it from the terminal. */
async function run(program: string, args: readonly string[]): Promise<number> {
  const child = spawn(program, args, { stdio: ['ignore', 'inherit', 'inherit'] });
  const pass = (signal: NodeJS.Signals): void => void child.kill(signal);
  process.on('SIGTERM', pass).on('SIGINT', pass);
  try {
    return await new Promise((resolve, reject) => {
      child.on('close', (code) => resolve(code ?? 1));
      child.on('error', reject);
    });
  } finally {
    process.off('SIGTERM', pass).off('SIGINT', pass);
  }
}
