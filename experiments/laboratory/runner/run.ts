import { spawn } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { cpus, release as kernel, tmpdir, totalmem } from 'node:os';
import { join } from 'node:path';
import { csvLines } from '../../../src/report/csv.js';
import { readAuditLog, type AuditedRequest } from './audit-log.js';
import type { Binary } from './build.js';
import { lines, readFacts } from './facts.js';
import { costRows, stormEventRows, stormOrigin, stormRequestRows, stormWatchRows } from './load-tables.js';
import type { GroupsFile, Plan } from './plan.js';
import {
  countRows,
  openWatchRows,
  requestRows,
  restartDialRows,
  restartEventRows,
  restartRequestRows,
} from './request-tables.js';
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

/** What is to be measured, and how its tables are made of what was seen. */
export interface Measurement {
  readonly plan: Plan;
  /** @returns tables by name, from the folder of facts and the audit log */
  readonly tables: (facts: string, auditLog: string) => Promise<Readonly<Record<string, Rows>>>;
}

/** Groups and what happens to them. */
export function groupsMeasurement(file: GroupsFile): Measurement {
  return { plan: file.plan, tables: (facts, auditLog) => groupTables(facts, auditLog, file) };
}

/** A storm or costs: what puts load on the server instead of kubelets. */
export function loadMeasurement(plan: Plan): Measurement {
  return { plan, tables: (facts) => Promise.resolve(loadTables(facts)) };
}

/** Runs a plan with a binary. Its folder for work is gone afterwards, but for one that has failed or is to be kept. */
export async function measure(binary: Binary, measurement: Measurement, out: string, keep: boolean): Promise<void> {
  const started = new Date();
  const work = await mkdtemp(join(tmpdir(), 'laboratory-'));
  const facts = join(work, 'facts');
  await mkdir(out, { recursive: true });
  await writeFile(join(work, 'plan.json'), JSON.stringify(measurement.plan));
  process.stdout.write(`Kubernetes ${binary.version} runs in ${work}; what was seen so far is in ${facts}\n`);
  const code = await run(binary.path, ['run', join(work, 'plan.json'), facts, work]);
  for (const [name, rows] of Object.entries(await measurement.tables(facts, join(work, 'audit.log')))) {
    // A header alone is a table of what did not happen.
    if (rows.length > 1) await writeFile(join(out, `${name}.csv`), csvLines(rows, { excel: false }));
  }
  await writeFile(join(out, 'laboratory.json'), `${JSON.stringify(manifest(binary, measurement, started), null, 2)}\n`);
  if (code !== 0) throw new Error(`the laboratory ended with ${code}; its logs are in ${join(work, 'logs')}`);
  if (!keep) await rm(work, { recursive: true, force: true });
}

/** What tells a reader where the numbers come from. */
function manifest({ version, modules }: Binary, { plan }: Measurement, started: Date): object {
  return {
    kubernetes: version,
    modules,
    machine: { cores: cpus().length, model: cpus()[0].model, memoryBytes: totalmem(), kernel: kernel() },
    started: started.toISOString(),
    seconds: Math.round((Date.now() - started.getTime()) / 1000),
    plan,
  };
}

/** The tables of groups. */
export async function groupTables(
  folder: string,
  auditLog: string,
  file: GroupsFile,
): Promise<Readonly<Record<string, Rows>>> {
  const facts = readFacts(folder);
  const requests: AuditedRequest[] = [];
  for await (const request of readAuditLog(auditLog)) requests.push(request);
  const origin = originOf(requests);
  const end = endOfRounds(facts.events);
  return {
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
    'restart-dials': restartDialRows(facts),
  };
}

function loadTables(folder: string): Readonly<Record<string, Rows>> {
  const { events } = readFacts(folder);
  const origin = stormOrigin(events);
  const clients = join(folder, 'clients');
  return {
    'storm-events': stormEventRows(events, origin),
    'storm-requests': stormRequestRows(lines(clients, 'requests'), origin),
    'storm-attempts': stormRequestRows(lines(clients, 'attempts'), origin),
    'storm-watches': stormWatchRows(lines(clients, 'open'), origin),
    'storm-levels': costRows(lines(folder, 'levels')),
    costs: costRows(lines(folder, 'costs')),
    'watch-costs': costRows(lines(folder, 'watchCosts')),
    'event-costs': costRows(lines(folder, 'eventCosts')),
  };
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
