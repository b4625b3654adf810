import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseHTML } from 'linkedom';
import type { Experiment } from '../../../src/experiment/language/experiment.js';
import { loadExperiment } from '../../../src/experiment/language/load-experiment.js';
import { runExperiment, type RunOutcome } from '../../../src/experiment/execution/runner.js';
import { writeResults } from '../../../src/report/results.js';

/** A small cluster with an update and a crash of its only or one of two API servers: everything a report can draw. */
const EXPERIMENT = {
  apiVersion: 'secretsim/v1',
  kind: 'Experiment',
  metadata: { name: 'small', question: 'Is <Watch> faster & cheaper?' },
  spec: {
    seed: 'report',
    replications: 2,
    warmup: '1m',
    duration: '6m',
    cluster: { nodes: 20, podsPerNode: 4, namespaces: 2, deploymentReplicas: 10, serviceAccountMaterial: 'none' },
    kubelet: { nodeTTL: '2m' },
    apiServer: { capacity: 2 },
    objects: [{ name: 'ca', kind: 'Secret', scope: 'cluster' }],
    timeline: [
      { at: '30s', update: 'ca' },
      { at: '4m', restartApiServer: { servers: 1, downtime: '10s', mode: 'crash' } },
    ],
    factors: {
      'kubelet.configMapAndSecretChangeDetectionStrategy': ['Watch', 'Cache'],
      'cluster.apiServers': [1, 2],
    },
    slos: ['last_pod_max_s < 100'],
  },
};

/** What of the experiment is different. */
export type Changes = Readonly<Record<string, unknown>>;

/** A result folder made by running an experiment. */
export interface SmallResult {
  readonly folder: string;
  readonly experiment: Experiment;
  readonly outcome: RunOutcome;
  read(name: string): Promise<string>;
  remove(): Promise<void>;
}

/** Runs the small experiment, with changes to its spec, into a new folder. */
export async function smallResult(changes: Changes = {}, excel = false): Promise<SmallResult> {
  const folder = await mkdtemp(join(tmpdir(), 'secretsim-report-'));
  const file = join(folder, 'experiment.json');
  await writeFile(file, JSON.stringify({ ...EXPERIMENT, spec: { ...EXPERIMENT.spec, ...changes } }));
  const experiment = await loadExperiment([file]);
  const outcome = await runExperiment(experiment, { workers: 1 });
  await writeResults(folder, experiment, outcome, { excel });
  return {
    folder,
    experiment,
    outcome,
    read: (name) => readFile(join(folder, name), 'utf8'),
    remove: () => rm(folder, { recursive: true }),
  };
}

/** What tests need to know of an element; they are compiled without the browser's types. */
export interface Element {
  readonly textContent: string;
  readonly innerHTML: string;
  getAttribute(name: string): string | null;
  querySelector(selector: string): Element | null;
  querySelectorAll(selector: string): Iterable<Element>;
}

/** The document of a page. */
export function documentOf(page: string): Element {
  return (parseHTML(page) as unknown as { readonly document: Element }).document;
}

/** The texts of the cells of a section's table of numbers, row by row. */
export function numbersOf(document: Element, section: string): readonly (readonly string[])[] {
  const rows = document.querySelectorAll(`#${section} details table tbody tr`);
  return [...rows].map((row) => [...row.querySelectorAll('td')].map((cell) => cell.textContent.trim()));
}
