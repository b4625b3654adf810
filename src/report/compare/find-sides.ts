import { stat } from 'node:fs/promises';
import { InputError } from '../../experiment/language/values/input-error.js';
import { didYouMean } from '../../experiment/language/values/nearest-name.js';
import { readResult, type ReadResult, type ReadScenario } from './read-result.js';

/** One of the two scenarios that are compared. */
export interface Side {
  readonly result: ReadResult;
  readonly scenario: ReadScenario;
}

/** What a side is named by: a folder, a scenario, or both. */
interface Named {
  readonly folder: string | null;
  readonly scenario: string | null;
}

const SCENARIOS_SHOWN = 20;

/**
 * The two scenarios that arguments name: `DIR` (a folder with one scenario), `DIR:SCENARIO`, or a SCENARIO alone, which
 * is looked for in the folder of the other. Throws an InputError that lists the scenarios there are.
 */
export async function findSides(a: string, b: string): Promise<readonly [Side, Side]> {
  const [first, second] = [await named(a), await named(b)];
  const folder = first.folder ?? second.folder;
  if (folder === null) {
    throw new InputError(['neither argument is a result folder, or begins with one and a colon (DIR:SCENARIO)']);
  }
  const results = new Map<string, ReadResult>();
  const sideOf = async ({ folder: own, scenario }: Named): Promise<Side> => {
    const path = own ?? folder;
    const result = results.get(path) ?? (await readResult(path));
    results.set(path, result);
    return { result, scenario: pick(result, scenario) };
  };
  return [await sideOf(first), await sideOf(second)];
}

/** Splits an argument at the first colon behind a folder. */
async function named(text: string): Promise<Named> {
  if (await isFolder(text)) return { folder: text, scenario: null };
  for (let colon = text.indexOf(':'); colon >= 0; colon = text.indexOf(':', colon + 1)) {
    const folder = text.slice(0, colon);
    if (await isFolder(folder)) return { folder, scenario: text.slice(colon + 1) };
  }
  return { folder: null, scenario: text };
}

async function isFolder(path: string): Promise<boolean> {
  const found = await stat(path).catch(() => null);
  return found?.isDirectory() === true;
}

/** The scenario of a name: of `now (strategy=Cache)`, the baseline, either part will do. */
function scenarioCalled(scenarios: readonly ReadScenario[], name: string | null): ReadScenario | undefined {
  const partsOf = (text: string): readonly string[] => /^(.*) \((.*)\)$/.exec(text)?.slice(1) ?? [];
  const called = scenarios.filter((each) => name !== null && partsOf(each.name).includes(name));
  return scenarios.find((each) => each.name === name) ?? (called.length === 1 ? called[0] : undefined);
}

function pick({ folder, scenarios }: ReadResult, name: string | null): ReadScenario {
  const names = scenarios.map((scenario) => scenario.name);
  const found = name === null && scenarios.length === 1 ? scenarios[0] : scenarioCalled(scenarios, name);
  const rest = names.length > SCENARIOS_SHOWN ? `\n  and ${names.length - SCENARIOS_SHOWN} more` : '';
  const list = names.slice(0, SCENARIOS_SHOWN).map((each) => `\n  ${folder}:${each}`);
  if (found === undefined) {
    const reason =
      name === null
        ? `holds ${names.length} scenarios; name one`
        : `${folder} has no such scenario${didYouMean(name, names)}; it has`;
    throw new InputError([`${name === null ? `${folder} ` : ''}${reason}:${list.join('')}${rest}`]);
  }
  if (found.runs.length === 0) throw new InputError([`${folder}: no run of that scenario is in it`]);
  return found;
}
