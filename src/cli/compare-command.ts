import { compareResults } from '../report/compare/compare-results.js';
import { comparisonCsv, comparisonJson } from '../report/compare/comparison-data.js';
import { defineCommand } from './command.js';
import { formatComparison } from './comparison-text.js';
import { OUTPUT_OPTION, UsageError } from './options.js';
import { print, sayAll } from './print.js';

/** `secretsim compare A B` */
export const compareCommand = defineCommand(OUTPUT_OPTION, {
  command: 'compare',
  builder: (yargs) =>
    yargs
      .usage(
        '$0 compare A B\n\nHow B differs from A: difference, percent and 95 % interval of each metric, paired by ' +
          'replication where both have the same seeds, and in which settings they differ. A and B are result folders ' +
          'with one scenario, DIR:SCENARIO, or a SCENARIO in the folder of the other.',
      )
      // Positional arguments are read from `_`, as in other commands.
      .strict(false)
      .strictOptions()
      .options(OUTPUT_OPTION)
      .example('$0 compare results/before results/after', 'two results with one scenario each')
      .example('$0 compare results/imported-rotation:strategy=Watch strategy=Cache', 'two scenarios of one result'),
  handler: async ({ _, output }) => {
    const sides = _.slice(1).map(String);
    if (sides.length !== 2) throw new UsageError(`compare takes two results or scenarios, not ${sides.length}`);
    const comparison = await compareResults(sides[0], sides[1]);
    sayAll(comparison.warnings);
    const texts = { table: formatComparison, json: comparisonJson, csv: comparisonCsv };
    print(texts[output](comparison));
  },
});
