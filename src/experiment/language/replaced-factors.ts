import { overlap } from './factors.js';
import { factorsCompared } from './joint-conditions.js';
import { PAIR } from './joint-values.js';
import { resolvePath } from './paths.js';
import { quotePathText } from './quoting.js';
import type { JsonSchema } from './values/json-schema.js';
import { nodeAt, type Located, type Step } from './values/located.js';
import { parsed, rejected, type Parsed } from './values/parsed.js';
import { parsePath } from './values/path-text.js';

/**
 * A spec whose field may be set to one value: the factor that would have set it is left out. Rejected where that factor
 * sets other fields, too, or more than the field (it would win, unnoticed), or where a condition compares it.
 * @param steps to the field
 */
export function withoutFactorOf(spec: Located, steps: readonly Step[], schema: JsonSchema): Parsed<Located> {
  const factors = nodeAt(spec, ['factors']);
  if (spec.type !== 'map' || factors?.type !== 'map') return parsed(spec);
  const entries = new Map(factors.entries);
  for (const path of factors.entries.keys()) {
    const fields = path.split(PAIR).map((part) => stepsOf(part.trim(), spec, schema));
    const field = fields.find((each) => each !== null && each.length <= steps.length && overlap(each, steps));
    if (field === undefined || field === null) continue;
    if (fields.length > 1 || field.length < steps.length) {
      const reason = `the factor ${quotePathText(path)} sets this field, and others with it`;
      return rejected(`${reason}: change its values, --set 'factors["PATH"]=[VALUE, …]'`);
    }
    if (isCompared(spec, path, [...factors.entries.keys()])) {
      return rejected("spec.where compares this factor: give other conditions before it, --set 'where=[CONDITION, …]'");
    }
    entries.delete(path);
  }
  if (entries.size === factors.entries.size) return parsed(spec);
  const own = spec.entries.get('factors');
  const left = { keyOrigin: own?.keyOrigin ?? factors.origin, value: { ...factors, entries } };
  return parsed({ ...spec, entries: new Map([...spec.entries, ['factors', left]]) });
}

function isCompared(spec: Located, path: string, paths: readonly string[]): boolean {
  const where = nodeAt(spec, ['where']);
  const conditions = where?.type === 'list' ? where.items : [];
  const texts = conditions.map((condition) => (condition.type === 'scalar' ? condition.text : ''));
  return factorsCompared(texts, paths).some((compared) => compared.includes(path));
}

/** The steps of a factor's path; null for one that is none, which is told of later. */
function stepsOf(path: string, spec: Located, schema: JsonSchema): readonly Step[] | null {
  const names = parsePath(path);
  const steps = names.ok ? resolvePath(names.value, spec, schema) : names;
  return steps.ok ? steps.value : null;
}
