import { PRESETS } from '../experiment/language/presets.js';
import { defineCommand } from './command.js';
import { formatRows } from './format-rows.js';
import { OUTPUT_OPTION } from './options.js';
import { print } from './print.js';

const COLUMNS = [{ name: 'preset' }, { name: 'description', width: 44 }, { name: 'source', width: 50 }];

/** `secretsim presets` */
export const presetsCommand = defineCommand(OUTPUT_OPTION, {
  command: 'presets',
  builder: (yargs) => yargs.options(OUTPUT_OPTION).example('$0 presets -o csv', 'the list as CSV'),
  handler: ({ output }) => {
    const rows = PRESETS.map(({ name, description, source }) => [name, description, source]);
    print(formatRows(output, COLUMNS, rows));
  },
});
