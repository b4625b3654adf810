import { readdirSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { max, min } from 'd3-array';
import * as z from 'zod';
import { type Release, RELEASES } from '../cluster/model/releases.js';
import { InputError } from '../experiment/language/values/input-error.js';
import { packageFile } from '../package-files.js';
import { MeasuredFolder } from './measured-folder.js';

/** What a group's pods can mount (`experiments/laboratory/README.md`). */
export const VOLUMES = ['shared', 'own', 'immutable', 'sharedConfigMap', 'ownConfigMap', 'projected'] as const;
export type Volume = (typeof VOLUMES)[number];

/** What pods mount where `groups.csv` has no column that says it. */
const USUAL_VOLUMES = 'shared own immutable';

const groupRow = z.object({
  group: z.string().min(1),
  configMapAndSecretChangeDetectionStrategy: z.enum(['Watch', 'Cache', 'Get']),
  syncFrequency: z.string(),
  nodeTTL: z.string(),
  volumes: z
    .string()
    .default(USUAL_VOLUMES)
    .transform((text) => text.split(' '))
    .pipe(z.array(z.enum(VOLUMES))),
});

/** A group of nodes of a laboratory: those of a row of `groups.csv`. */
export type Group = z.infer<typeof groupRow>;

/** Etcd's default of `--watch-progress-notify-interval` (`v3rpc/watch.go` progressReportInterval), s. */
const ETCD_PROGRESS_INTERVAL_S = 600;

/** A server is stopped, and started again so long after its process has ended. */
const plannedRestart = z.object({ signal: z.string(), downtimeSeconds: z.number().nonnegative() });

/** What `laboratory.json` has to say; the rest of it is for people. */
const factsFile = z.object({
  kubernetes: z.string().regex(/^\d+\.\d+(\.\d+)?$/),
  machine: z.object({ cores: z.number().positive() }),
  plan: z.object({
    // Laboratories that did not set it ran etcd with its own default.
    watchProgressNotifyIntervalSeconds: z.number().positive().default(ETCD_PROGRESS_INTERVAL_S),
    objectBytes: z.number().positive(),
    kubeAPIQPS: z.number().positive(),
    kubeAPIBurst: z.number().positive(),
    steps: z.array(z.object({ restart: plannedRestart.optional() })).optional(),
    storm: plannedRestart
      .extend({
        watchList: z.boolean().default(true),
        apiServerCores: z.number().positive().default(1),
        turns: z.object({ apiServerSeconds: z.number().positive(), otherSeconds: z.number().positive() }).optional(),
      })
      .optional(),
  }),
});

/** A real cluster that was measured: a folder of tables as `experiments/laboratory` writes them. */
export interface Laboratory {
  /** The folder's own name. */
  readonly name: string;
  readonly release: Release;
  readonly tables: MeasuredFolder;
  readonly groups: readonly Group[];
  readonly cores: number;
  /** How often its etcd tells how far it is, s. */
  readonly progressIntervalS: number;
  readonly objectBytes: number;
  readonly kubeAPIQPS: number;
  readonly kubeAPIBurst: number;
  /** How long there is no server once a process has ended that was killed, s; null: its plan does not say. */
  readonly downtimeS: number | null;
  /** Reflectors of its storm begin with LIST and WATCH, whatever their release does. */
  readonly listsFirst: boolean;
  /** Of the server of its storm. */
  readonly serverCores: number;
  /** Shares of the time that the server of its storm and all else have their cores, as they take turns; 1: both run at once. */
  readonly shareOfTime: { readonly server: number; readonly others: number };
  /** The simulated clock begins that much before the measurements', whose first pods may be older than their zero, s. */
  readonly originS: number;
  /** End of the rounds of updates, and of the log of requests, on the measurements' clock, s. */
  readonly endOfRoundsS: number;
  readonly endOfLogS: number;
}

/** The folders of laboratories that belong to the package, which leaves out the tables of the larger storms. */
export function shippedLaboratories(): readonly string[] {
  const first = fileURLToPath(packageFile('experiments/validation/'));
  const others = fileURLToPath(packageFile('experiments/laboratory/data/'));
  const folders = readdirSync(others, { withFileTypes: true }).filter((entry) => entry.isDirectory());
  const paths = folders.map(({ name }) => join(others, name));
  return [first, ...paths.filter(hasTables).sort()];
}

function hasTables(folder: string): boolean {
  return readdirSync(folder).some((file) => /^(groups|storm-requests)\.csv(\.gz)?$/.test(file));
}

/**
 * Opens the folder of a laboratory.
 * @throws InputError where it lacks what is needed
 */
export function openLaboratory(path: string): Laboratory {
  const tables = new MeasuredFolder(path);
  const { kubernetes, machine, plan } = factsOf(tables);
  const minor = kubernetes.split('.').slice(0, 2).join('.');
  const release = RELEASES.find((known) => known === minor);
  if (release === undefined)
    throw new InputError([
      `${path}: measured Kubernetes ${kubernetes}; simulated are ${RELEASES[0]} to ${RELEASES[RELEASES.length - 1]}`,
    ]);
  const { steps = [], storm, watchProgressNotifyIntervalSeconds: progressIntervalS, ...limits } = plan;
  const killed = [storm, ...steps.map(({ restart }) => restart)].find((restart) => restart?.signal === 'KILL');
  const downtimeS = killed?.downtimeSeconds ?? null;
  const told = { name: basename(resolve(path)), release, tables, cores: machine.cores };
  const server = { listsFirst: storm?.watchList === false, serverCores: storm?.apiServerCores ?? 1 };
  const common = { ...told, downtimeS, ...server, shareOfTime: sharesOf(storm?.turns), progressIntervalS, ...limits };
  // A storm is a laboratory of its own, without groups.
  if (tables.has('storm-requests') && !tables.has('groups'))
    return { ...common, groups: [], originS: 0, endOfRoundsS: 0, endOfLogS: 0 };
  return { ...common, groups: groupsOf(tables), originS: originOf(tables), ...endsOf(tables) };
}

function sharesOf(turns?: {
  readonly apiServerSeconds: number;
  readonly otherSeconds: number;
}): Laboratory['shareOfTime'] {
  if (turns === undefined) return { server: 1, others: 1 };
  const both = turns.apiServerSeconds + turns.otherSeconds;
  return { server: turns.apiServerSeconds / both, others: turns.otherSeconds / both };
}

function factsOf(tables: MeasuredFolder): z.infer<typeof factsFile> {
  const file = join(tables.path, 'laboratory.json');
  const bytes = tables.bytes('laboratory.json');
  if (bytes === undefined) throw new InputError([`${file}: no such file; it says which release was measured`]);
  let parsed;
  try {
    parsed = factsFile.safeParse(JSON.parse(bytes.toString('utf8')));
  } catch {
    throw new InputError([`${file}: is no JSON`]);
  }
  if (parsed.success) return parsed.data;
  throw new InputError(parsed.error.issues.map(({ path, message }) => `${file}: ${path.join('.')}: ${message}`));
}

function groupsOf(tables: MeasuredFolder): Group[] {
  const rows = tables.rows('groups', { text: ['group'] });
  const members = new Set(tables.rows('pods', { text: ['group', 'node', 'pod'] }).map(({ group }) => group));
  return rows.map((row, index) => {
    const parsed = groupRow.safeParse(row);
    const where = `${join(tables.path, 'groups.csv')}, row ${index + 1}`;
    if (!parsed.success)
      throw new InputError(parsed.error.issues.map(({ path, message }) => `${where}: ${path.join('.')}: ${message}`));
    if (!members.has(parsed.data.group)) throw new InputError([`${where}: pods.csv has no pod of this group`]);
    return parsed.data;
  });
}

/** The first request of a kubelet is the measurements' time zero, when the first pods were up to some seconds old. */
function originOf(tables: MeasuredFolder): number {
  const [first] = tables.rows('pods', { numbers: ['created_at_s'] });
  const column = 'sent_at_s' in first ? 'sent_at_s' : 'created_at_s';
  const earliest = min(tables.rows('pods', { numbers: [column] }), (row) => Number(row[column])) ?? NaN;
  return Math.max(1, Math.ceil(-earliest));
}

/** Until when requests are looked at: the laboratory says it, or the log ends with the last request and the last watch. */
function endsOf(tables: MeasuredFolder): Pick<Laboratory, 'endOfRoundsS' | 'endOfLogS'> {
  const said = tables
    .optionalRows('events', { text: ['event'], numbers: ['at_s'] })
    .filter(({ event }) => event === 'endOfRounds');
  const last = max(said, (row) => Number(row.at_s));
  if (last !== undefined) return { endOfRoundsS: last, endOfLogS: last };
  const requests = tables.rows('requests', { text: ['verb'], numbers: ['received_at_s', 'duration_s'] });
  const endOfRoundsS = max(requests, (row) => Number(row.received_at_s)) ?? NaN;
  const watchesEnd = max(requests, (row) =>
    row.verb === 'watch' ? Number(row.received_at_s) + Number(row.duration_s) : -Infinity,
  );
  return { endOfRoundsS, endOfLogS: Math.max(endOfRoundsS, watchesEnd ?? -Infinity) };
}
