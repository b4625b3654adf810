import { closeSync, mkdtempSync, openSync, readSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { median } from 'd3-array';
import { JsonScanner } from '../../src/experiment/language/values/json-scanner.js';
import { importCluster } from '../../src/import/import-cluster.js';
import { writeDump } from './dump.js';
import { inFreshProcess, REPETITIONS } from './fresh-process.js';

const DUMP_BYTES = 200e6;
const PIECE_BYTES = 2 ** 19;

function scan(path: string, paths: readonly string[]): void {
  const scanner = new JsonScanner({ label: path, paths, onPart: () => undefined, onDocument: () => undefined });
  const file = openSync(path, 'r');
  for (;;) {
    const piece = Buffer.allocUnsafeSlow(PIECE_BYTES);
    const bytes = readSync(file, piece);
    if (bytes === 0) break;
    scanner.write(piece.subarray(0, bytes));
  }
  scanner.end();
  closeSync(file);
}

/** What is done to the dump. */
const READERS: Readonly<Record<string, (path: string) => unknown>> = {
  'token by token': (path) => scan(path, ['$.kind']),
  'elements cut out and parsed': (path) => scan(path, ['$.items.*']),
  'whole import': (path) => importCluster({ clusterFiles: [path], out: `${path}.yaml`, force: true }),
};

/** Seconds of CPU to read a dump. */
export async function readingTime(name: string, path: string): Promise<number> {
  const before = process.cpuUsage();
  await READERS[name](path);
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1e6;
}

/** Times the import of a large dump, and the ways to read its JSON. */
export function reportReaders(): void {
  const folder = mkdtempSync(join(tmpdir(), 'secretsim-bench-'));
  try {
    const path = join(folder, 'dump.json');
    const file = openSync(path, 'w');
    writeDump(file, DUMP_BYTES);
    closeSync(file);
    console.log(`\ndump of ${DUMP_BYTES / 1e6} MB: seconds of CPU`);
    for (const name of Object.keys(READERS)) {
      const times = Array.from({ length: REPETITIONS }, () => inFreshProcess('reader', name, path) as number);
      console.log(`  ${name.padEnd(42)}${(median(times) ?? NaN).toFixed(2).padStart(14)}`);
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
}
