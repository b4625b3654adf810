import type { ReplayOptions } from './html/wave/replay.js';

export type { ReplayOptions } from './html/wave/replay.js';

/**
 * Writes `report.html` into a result folder: one file that needs no network and no other file.
 * @returns its path
 * @throws InputError where the folder holds no result
 * @throws OutputError where it cannot be written
 */
export async function writeReport(folder: string, options: ReplayOptions = {}): Promise<string> {
  // Loaded here: the libraries that draw would slow down whoever wants no report.
  const html = await import('./html/report.js');
  return html.writeReportPage(folder, options);
}
