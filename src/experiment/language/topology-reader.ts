import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { gunzipSync } from 'node:zlib';
import * as z from 'zod';
import { BUNDLE_SELECTIONS, CONSUMPTION_MODES, OBJECT_KINDS } from '../../cluster/model/kinds.js';
import type { TopologyFile } from '../../cluster/model/topology-file.js';
import { NODE_TTL_SECONDS_MAX } from './values/fields.js';
import { InputError } from './values/input-error.js';
import { issueText, quotePath } from './quoting.js';
import { foreignFormat, isGzip } from './values/foreign-format.js';
import { readError } from './read-error.js';
import { JsonScanner } from './values/json-scanner.js';
import { topologyProblem } from './topology-checks.js';

/** Most that a topology may unpack to: Node.js holds no longer text. */
const UNPACKED_BYTES_MAX = 2 ** 29 - 24;

/** etcd refuses a request beyond this (`--max-request-bytes`): 1 MiB of values (MaxSecretSize) with their keys stays below. */
const SIZE_MAX = 1_572_864;

/** What a name may be, or nothing: a ClusterTrustBundle is in no namespace. */
const nameOrNone = z
  .string()
  .max(253, 'a name has at most 253 characters')
  .refine((text) => !text.includes('/'), 'a name has no slash')
  .refine((text) => !/\p{Cs}/u.test(text), 'a name holds half of a character (a lone surrogate)');
const name = nameOrNone.min(1, 'a name must not be empty');
/** A kind, or the value of a label. */
const word = z.string().regex(/^[-A-Za-z0-9_.]{1,63}$/, 'expected at most 63 letters, digits, -, _ and .');
const yes = z.literal(true, 'expected true (or leave the field out)').exactOptional();
const index = z.int().min(0);
const PODS = 'expected a number of pods from 1 on, or a percentage from 1% to 100%';
/** Pods of a workload that may be missing: a number, or a percentage. */
export const missingPods = z.union(
  [z.int(PODS).min(1, PODS).max(1_000_000, PODS), z.string().regex(/^(?:[1-9]\d?|100)%$/, PODS)],
  PODS,
);

const topologySchema: z.ZodType<TopologyFile> = z.strictObject({
  apiVersion: z.literal('secretsim/v1'),
  kind: z.literal('Topology'),
  nodes: z
    .array(
      z.strictObject({
        name,
        ttlSeconds: z.int().min(0).max(NODE_TTL_SECONDS_MAX).exactOptional(),
        pool: word.exactOptional(),
      }),
    )
    .min(1, 'a cluster has at least one node'),
  objects: z.array(
    z.strictObject({
      namespace: nameOrNone,
      name,
      kind: z.enum(OBJECT_KINDS),
      size: z.int().min(0).max(SIZE_MAX, `an object has at most ${SIZE_MAX} bytes`),
      type: z.string().exactOptional(),
      immutable: yes,
      selectedBy: z.enum(BUNDLE_SELECTIONS).exactOptional(),
      missing: yes,
      managedBy: word.exactOptional(),
      refreshSeconds: z.number().min(0).max(1_000_000_000).exactOptional(),
    }),
  ),
  pods: z
    .array(
      z.strictObject({
        namespace: name,
        name,
        node: index,
        workload: z.string().min(1).exactOptional(),
        ownerKind: word.exactOptional(),
        pending: yes,
        startsAfterSeconds: z.number().min(0).max(1_000_000_000).exactOptional(),
        uses: z.array(
          z.strictObject({
            object: index,
            as: z.enum(CONSUMPTION_MODES),
            volume: index.exactOptional(),
            optional: yes,
          }),
        ),
      }),
    )
    .min(1, 'a cluster has at least one pod'),
  workloads: z
    .array(
      z.strictObject({
        workload: z.string().min(1),
        ownerKind: word,
        maxUnavailable: missingPods.exactOptional(),
        onDelete: yes,
      }),
    )
    .exactOptional(),
});

/**
 * Reads and checks a topology file, `.json` or gzip'd.
 * Throws an InputError that names the first part that is wrong.
 * @param place what is told in the place of a path that cannot be read: it may come from a file itself
 * @returns the topology, and the SHA-256 (hexadecimal) of the file as it is on the disk
 */
export async function readTopologyFile(path: string, place = path): Promise<{ file: TopologyFile; sha256: string }> {
  let text: string;
  const bytes = await readFile(path).catch((error: unknown) => {
    throw readError(place, error);
  });
  try {
    const unpacked = isGzip(bytes) ? gunzipSync(bytes, { maxOutputLength: UNPACKED_BYTES_MAX }) : bytes;
    refuseForeign(path, unpacked);
    text = unpacked.toString('utf8');
  } catch (error) {
    throw readError(path, error);
  }
  const result = topologySchema.safeParse(parseJson(text, path));
  if (!result.success) {
    const [issue] = result.error.issues;
    const steps = quotePath(issue.path.map((step) => (typeof step === 'number' ? step : String(step))));
    throw new InputError([`${path}: ${steps === '' ? 'not a topology file' : steps}: ${issueText(issue)}`]);
  }
  const problem = topologyProblem(result.data);
  if (problem !== undefined) throw new InputError([`${path}: ${problem}`]);
  return { file: result.data, sha256: createHash('sha256').update(bytes).digest('hex') };
}

function refuseForeign(path: string, bytes: Buffer): void {
  if (bytes.toString('latin1').trim() === '') throw new InputError([`${path}: is empty`]);
  if (foreignFormat(bytes) !== undefined) {
    throw new InputError([
      `${path}: is not a topology file, which secretsim import writes as JSON (.json or .json.gz)`,
    ]);
  }
}

function parseJson(text: string, path: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw syntaxError(text, path);
  }
}

/** JSON.parse does not always tell where; the scanner does. */
function syntaxError(text: string, path: string): InputError {
  try {
    const scanner = new JsonScanner({ label: path, paths: [], onPart: () => undefined, onDocument: () => undefined });
    scanner.write(Buffer.from(text));
    scanner.end();
  } catch (error) {
    if (error instanceof InputError) return error;
  }
  return new InputError([`${path}: holds more than one JSON document`]);
}
