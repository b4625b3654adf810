import type { Factor } from './factors.js';
import { factorValueOf, type FactorValue } from './factor-value.js';
import { InputError } from './values/input-error.js';
import { isOurs, quotePathText } from './quoting.js';

/** Collects the problems of scenarios and says once which factors' values they come with. */
export class ProblemReport {
  private readonly factors: readonly Factor[];
  /** Problems that belong to no scenario. */
  private readonly general: readonly string[];
  private readonly found = new Map<string, (readonly FactorValue[])[]>();
  private scenarios = 0;

  constructor(factors: readonly Factor[], general: readonly string[] = []) {
    this.factors = factors;
    this.general = general;
  }

  /** Adds the problems of the next scenario, whose factors have these values. */
  add(problems: readonly string[], values: readonly FactorValue[]): void {
    this.scenarios++;
    for (const problem of problems) {
      const rows = this.found.get(problem);
      if (rows === undefined) this.found.set(problem, [values]);
      else rows.push(values);
    }
  }

  /** Throws an InputError with everything that was added, if anything was. */
  throwIfAny(): void {
    const problems = [...this.found].map(([problem, rows]) => problem + this.origin(rows));
    if (this.general.length + problems.length > 0) throw new InputError([...this.general, ...problems]);
  }

  /** The values that all scenarios with the problem share, where not all scenarios have it. */
  private origin(rows: readonly (readonly FactorValue[])[]): string {
    if (rows.length === this.scenarios && this.scenarios > 1) return '';
    const shared = this.factors.flatMap((factor, index) => {
      const same = rows.every((row) => row[index] === rows[0][index]);
      return same && (factor.values.length > 1 || this.scenarios === 1) ? [valueOf(factor, rows[0][index])] : [];
    });
    return shared.length === 0 ? '' : ` (with the factor ${shared.join(' and ')})`;
  }
}

/** A factor's value for a message: a word of ours, else which of the values it is. */
function valueOf({ path, values, fields, range }: Factor, value: FactorValue): string {
  const name = quotePathText(path);
  if (typeof value === 'string' && isOurs(value)) return `${name} = ${value}`;
  const place = range === null ? values.findIndex((each) => String(factorValueOf(each, fields)) === String(value)) : -1;
  return place < 0 ? name : `${name} at its value ${place + 1} of ${values.length}`;
}
