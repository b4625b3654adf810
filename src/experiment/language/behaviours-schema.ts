import * as z from 'zod';
import { SECOND_US } from '../../sim/units.js';
import type { Switch, SwitchOwner, SwitchValue } from '../../cluster/model/switches/switch.js';
import { type Behaviours, SWITCHES, type SwitchName } from '../../cluster/model/switches/switches.js';
import { durationUs } from './values/durations.js';
import { durationField, wholeNumberField } from './values/fields.js';

/** What may stand for a switch: its values, and durations for times. */
type Written<Name extends SwitchName> =
  SwitchValue<(typeof SWITCHES)[Name]> | (Name extends 'minWatchTimeout' ? string : never);

type Shape = { [Name in SwitchName]: z.ZodOptional<z.ZodType<Written<Name>>> };

const OWNERS: Readonly<Record<SwitchOwner, string>> = {
  server: 'API servers',
  kubelet: 'Kubelets',
  both: 'API servers and kubelets',
};

/** The switch in a sentence or two: what it is about, what each value means, and from which release on it holds. */
export function describeSwitch(name: SwitchName): string {
  const each: Switch = SWITCHES[name];
  const steps = each.by.map(([from, value]) => `${from}: ${String(value)}`).join(', ');
  return `${each.says}: ${meanings(each)}. ${OWNERS[each.of]} from ${steps}. Source: ${each.source}.`;
}

function meanings(each: Switch): string {
  if (each.type === 'flag') return `true: ${each.on}; false: ${each.off}`;
  if (each.type === 'quantity') return each.unit === 's' ? 'seconds, or a duration' : each.unit;
  return Object.entries(each.values)
    .map(([value, meaning]) => `${value}: ${meaning}`)
    .join('; ');
}

function fieldOf(each: Switch): z.ZodType<string | boolean | number> {
  if (each.type === 'flag') return z.boolean();
  if (each.type === 'choice') return z.enum(Object.keys(each.values));
  const number = wholeNumberField({ min: each.min, max: each.max });
  if (each.unit !== 's') return number;
  const bounds = { min: `${each.min}s`, max: `${each.max}s`, example: '30m', description: 'A duration.' };
  return z.union([durationField(bounds), number]);
}

const SHAPE = Object.fromEntries(
  Object.entries(SWITCHES).map(([name, each]) => [
    name,
    fieldOf(each)
      .optional()
      .describe(describeSwitch(name as SwitchName)),
  ]),
) as unknown as Shape;

/** `cluster.behaviours`: a field for each switch of the table. */
export const behavioursSchema = z
  .strictObject(SHAPE)
  .describe('Version switches overridden by name; the rest follow from the releases.');

/** The switches that were given, with times in seconds. */
export function givenBehaviours(written: z.infer<typeof behavioursSchema>): Partial<Behaviours> {
  const given = Object.entries(written).flatMap(([name, value]) => {
    if (value === undefined) return [];
    const isDuration = SWITCHES[name as SwitchName].type === 'quantity' && typeof value === 'string';
    return [[name, isDuration ? durationUs(value) / SECOND_US : value] as const];
  });
  return Object.fromEntries(given);
}
