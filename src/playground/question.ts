import type { TopologyFile } from '../cluster/model/topology-file.js';
import { readExperiment, type ReadExperiment, type Scenario } from '../experiment/language/experiment.js';
import { parseSource } from '../experiment/language/source.js';
import { estimateRunSeconds } from '../experiment/language/time-estimate.js';
import { InputError } from '../experiment/language/values/input-error.js';
import { TOPOLOGY_FILE } from './dumped-cluster.js';

/** What is asked: experiments as YAML, just as they can be copied. */
export interface Question {
  readonly now: string;
  /** A setting that it is compared with; null: none. */
  readonly pinned: string | null;
}

/** A run of a question. `scenario` counts from 0, `replication` from 1. */
export interface PlaygroundJob {
  readonly scenario: number;
  readonly replication: number;
}

/** Names of experiments in messages. */
const SOURCES = { now: 'playground.yaml', pinned: 'pinned.yaml' } as const;
/** What the scenario of a pinned setting is called, and what the others are beside it. */
const PINNED = 'pinned';
const NOW = 'now';
/** Tells the scenarios of a pinned setting from the others, beside their releases. It is no path of an experiment. */
const SETTING = 'setting';

/**
 * Reads the experiments as `secretsim run` reads them. Two are put side by side as one: replication r meets the same
 * chance in all scenarios.
 * @param topology the cluster that was dropped on the page
 * @throws InputError with every problem found
 */
export async function readQuestion({ now, pinned }: Question, topology: TopologyFile | null): Promise<ReadExperiment> {
  const experiment = await readText(now, SOURCES.now, topology);
  return pinned === null ? experiment : sideBySide(await readText(pinned, SOURCES.pinned, topology), experiment);
}

async function readText(text: string, source: string, topology: TopologyFile | null): Promise<ReadExperiment> {
  const { experiment } = await readExperiment(
    [source],
    {},
    {
      readSource: () => Promise.resolve(parseSource(text, source)),
      topologies: {
        locate: (name) => name,
        read: (_, place) => {
          if (topology !== null) return Promise.resolve({ file: topology, sha256: '' });
          throw new InputError([`${place}: no cluster was dropped on the page (${TOPOLOGY_FILE})`]);
        },
      },
    },
  );
  return experiment;
}

/** The scenarios of both, the pinned one as the baseline; of all else what the second says. */
function sideBySide(pinned: ReadExperiment, now: ReadExperiment): ReadExperiment {
  const scenarios = [
    ...pinned.scenarios.map((scenario) => beside(scenario, pinned, PINNED)),
    ...now.scenarios.map((scenario) =>
      beside(scenario, now, now.scenarios.length === 1 ? NOW : `${NOW}, ${scenario.name}`),
    ),
  ];
  return {
    ...now,
    factorPaths: [],
    scenarios: scenarios.map((scenario, index) => ({ ...scenario, index })),
    spec: { ...now.spec, baseline: PINNED },
    warnings: [...new Set([...pinned.warnings, ...now.warnings])],
  };
}

/** A scenario with what pages ask of its settings in place of factors: releases, and whether a source is polled. */
function beside(scenario: Scenario, { spec }: ReadExperiment, name: string): Scenario {
  const refreshInterval = spec.pipeline?.source?.refreshInterval;
  return {
    ...scenario,
    name,
    factors: {
      [SETTING]: name === PINNED ? PINNED : NOW,
      'cluster.kubernetesVersion': scenario.factors['cluster.kubernetesVersion'] ?? spec.cluster.kubernetesVersion,
      ...(refreshInterval !== undefined && { 'pipeline.source.refreshInterval': refreshInterval }),
    },
  };
}

/** All runs of a question, the first of each scenario first. */
export function jobsOfQuestion({ scenarios, replications }: ReadExperiment): readonly PlaygroundJob[] {
  return Array.from({ length: replications }, (_, index) => index + 1).flatMap((replication) =>
    scenarios.map(({ index: scenario }) => ({ scenario, replication })),
  );
}

/** Roughly how many seconds the first answer takes: a run of each scenario. */
export function secondsFor({ scenarios }: ReadExperiment): number {
  return scenarios.reduce((seconds, { input }) => seconds + estimateRunSeconds(input), 0);
}
