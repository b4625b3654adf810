import { group } from 'd3-array';
import { readdir, realpath } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { RunTables } from '../../cluster/model/run-record.js';
import type { Experiment } from '../language/experiment.js';
import { readError } from '../language/read-error.js';
import { InputError } from '../language/values/input-error.js';
import type { FinishedRun } from './job-protocol.js';
import { describeDifference, type PartsIdentity } from './parts-header.js';
import { RunParts, type KeptRuns, type PartsView } from './parts.js';
import { jobsOf } from './jobs.js';
import { formatShard, shardOfRun, type Shard } from './shard.js';
import { shellWord } from '../../shell.js';

/** A folder with the finished runs of a shard. */
interface ShardFolder {
  readonly path: string;
  readonly shard: Shard;
  readonly identity: PartsIdentity;
}

/** Runs that a shard should have and has not. */
interface MissingRuns {
  /** Number of the shard, from 1. */
  readonly index: number;
  /** How many runs belong to the shard. */
  readonly runs: number;
  readonly missing: readonly string[];
}

/** More shards and runs than these are only counted. */
const SHARDS_SHOWN_MAX = 20;
const RUNS_SHOWN_MAX = 5;

/** The finished runs of an experiment, scattered over the folders of its shards. Nothing is written to them. */
export class ShardFolders implements KeptRuns {
  readonly experiment: Experiment;
  private readonly folders: readonly ShardFolder[];
  private readonly partsOf: ReadonlyMap<string, PartsView>;

  private constructor(experiment: Experiment, folders: readonly ShardFolder[]) {
    this.experiment = experiment;
    this.folders = folders;
    const views = new Map(folders.map(({ path, shard, identity }) => [shard.index, RunParts.view(path, identity)]));
    this.partsOf = new Map(
      this.jobs().flatMap(({ runId, shard }) => {
        const parts = views.get(shard);
        return parts === undefined ? [] : [[runId, parts]];
      }),
    );
  }

  /**
   * Opens the shards of one experiment.
   * @param directories folders of shards, and folders that such folders lie in
   * @param version of secretsim: other versions' runs are not mixed with its own
   * @throws InputError when there are none, or they belong to different experiments, or one is there twice
   */
  static async open(directories: readonly string[], version: string): Promise<ShardFolders> {
    const folders = (await Promise.all(directories.map(findFolders))).flat();
    await refuseMixture(folders, version);
    for (const { path, identity } of folders) {
      const experiment = await RunParts.view(path, identity).readExperiment();
      if (experiment?.hash === identity.experiment) return new ShardFolders(experiment, folders);
    }
    const [{ shard, identity }] = folders;
    throw new InputError([
      `${folders[0].path}: the experiment that was kept with the runs is damaged; redo the shard: ` +
        redo(identity, shard, dirname(folders[0].path), ['--force']),
    ]);
  }

  /** True where the runs are those of the reference engine. */
  get eager(): boolean {
    return this.folders[0].identity.engine === 'eager';
  }

  read(runId: string): Promise<FinishedRun | null> {
    return this.partsOf.get(runId)?.read(runId) ?? Promise.resolve(null);
  }

  readTables(runId: string): RunTables {
    const parts = this.partsOf.get(runId);
    if (parts === undefined) throw new Error(`no shard has the run ${runId}`);
    return parts.readTables(runId);
  }

  write(runId: string): Promise<void> {
    return Promise.reject(new Error(`shards are only read: ${runId} has no place`));
  }

  /** The runs that are not there, in sentences: a line for each shard, with the command that computes them. */
  describeMissing(finished: ReadonlySet<string>): readonly string[] {
    const jobs = this.jobs();
    const shards = [...group(jobs, ({ shard }) => shard)].flatMap(([index, runs]): MissingRuns[] => {
      const missing = runs.flatMap(({ runId }) => (finished.has(runId) ? [] : [runId]));
      return missing.length === 0 ? [] : [{ index, runs: runs.length, missing }];
    });
    const lines = shards.slice(0, SHARDS_SHOWN_MAX).map((shard) => this.describeShard(shard));
    if (shards.length > lines.length) lines.push(`and ${shards.length - lines.length} more shards`);
    return [`${this.experiment.name}: ${jobs.length - finished.size} of ${jobs.length} runs are missing`, ...lines];
  }

  private describeShard({ index, runs, missing }: MissingRuns): string {
    const own = this.folders.find(({ shard }) => shard.index === index);
    const { identity, path, shard } = own ?? this.folders[0];
    const names = missing.slice(0, RUNS_SHOWN_MAX).join(', ') + (missing.length > RUNS_SHOWN_MAX ? ', …' : '');
    const command = redo(identity, { index, count: shard.count }, dirname(path));
    return `shard ${index}/${shard.count} lacks ${missing.length} of ${runs} runs (${names}): ${command}`;
  }

  private jobs(): readonly { readonly runId: string; readonly shard: number }[] {
    const { count } = this.folders[0].shard;
    return jobsOf(this.experiment).map(({ runId }, k) => ({ runId, shard: shardOfRun(k, count) }));
  }
}

/** The folders of shards that a directory is, or holds. */
async function findFolders(directory: string): Promise<readonly ShardFolder[]> {
  const own = await shardFolder(directory);
  if (own !== null) return [own];
  const names = await readdir(directory).catch((error: unknown) => {
    throw readError(directory, error);
  });
  const inside = await Promise.all(names.toSorted().map((name) => shardFolder(join(directory, name))));
  const found = inside.filter((folder) => folder !== null);
  if (found.length > 0) return found.toSorted((a, b) => a.shard.index - b.shard.index);
  throw new InputError([
    `${directory} holds no shard: secretsim run FILE --shard I/N --out ${directory} puts one there`,
  ]);
}

async function shardFolder(path: string): Promise<ShardFolder | null> {
  const identity = await RunParts.identityOf(path);
  return identity?.shard === undefined ? null : { path, shard: identity.shard, identity };
}

/** Throws an InputError for shards that are not those of one experiment, each once. */
async function refuseMixture(folders: readonly ShardFolder[], version: string): Promise<void> {
  const [first, ...others] = folders;
  const ours = describeDifference(first.identity, { ...first.identity, version });
  if (ours !== null) throw new InputError([`${first.path} keeps the runs of ${ours}: merge them with that version`]);
  for (const other of others) {
    const difference =
      describeDifference(other.identity, first.identity) ??
      (other.shard.count === first.shard.count ? null : `one of ${other.shard.count} shards`);
    if (difference === null) continue;
    throw new InputError([
      `${other.path} does not belong to ${first.path} (shard ${formatShard(first.shard)}): ` +
        `it keeps runs of ${difference}; merge them apart`,
    ]);
  }
  const doubles = await Promise.all(
    others.map(async (other, index) => {
      const same = folders.slice(0, index + 1).find(({ shard }) => shard.index === other.shard.index);
      if (same === undefined) return [];
      const twice = (await realpath(same.path)) === (await realpath(other.path));
      const where = twice ? `${other.path} is given twice` : `in ${same.path} and in ${other.path}`;
      return [`shard ${formatShard(other.shard)} is there twice: ${where}; leave one of them out`];
    }),
  );
  if (doubles.flat().length > 0) throw new InputError(doubles.flat());
}

/** The command that computes a shard. */
function redo(identity: PartsIdentity, shard: Shard, folder: string, more: readonly string[] = []): string {
  const words = [...(identity.arguments ?? ['FILE']), '--shard', formatShard(shard), '--out', folder, ...more];
  return ['secretsim run', ...words.map(shellWord)].join(' ');
}
