import { InputError } from '../experiment/language/values/input-error.js';
import { formatPath } from '../experiment/language/values/path-text.js';

/** What can be turned where the experiment names no factors: the settings that decide between delay and load. */
export const DEFAULT_KNOBS: readonly string[] = [
  'kubelet.configMapAndSecretChangeDetectionStrategy=[Watch, Cache, Get]',
  'kubelet.syncFrequency=[10s, 20s, 30s, 45s, 60s, 90s]',
];

/**
 * Knobs, `PATH=[VALUE, …]`, as what `--set` takes: factors of the experiment.
 * @throws InputError for text of another form
 */
export function knobOverrides(knobs: readonly string[]): readonly string[] {
  const problems: string[] = [];
  const overrides = knobs.map((knob, index) => {
    const equals = knob.indexOf('=');
    const path = knob.slice(0, Math.max(0, equals)).trim();
    const values = knob.slice(equals + 1).trimStart();
    if (path === '' || values === '') {
      problems.push(
        `--knob number ${index + 1}: expected PATH=[VALUE, …], for example kubelet.syncFrequency=[30s, 60s]`,
      );
      return '';
    }
    const list = values.startsWith('[') || values.startsWith('{') ? values : `[${values}]`;
    return `${formatPath(['factors', path])}=${list}`;
  });
  if (problems.length > 0) throw new InputError(problems);
  return overrides;
}
