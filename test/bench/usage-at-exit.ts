/*
 * Loaded before a command that is measured (`--import`): when the process ends it writes what all its threads have used
 * to the file that the environment names.
 */
import { writeFileSync } from 'node:fs';
import { isMainThread } from 'node:worker_threads';

const file = process.env['SECRETSIM_BENCH_USAGE'];
if (isMainThread && file !== undefined) {
  process.on('exit', () => {
    const { userCPUTime, systemCPUTime, maxRSS } = process.resourceUsage();
    writeFileSync(file, JSON.stringify({ cpuS: (userCPUTime + systemCPUTime) / 1e6, peakMiB: maxRSS / 1024 }));
  });
}
