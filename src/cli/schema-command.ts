import { jsonSchema } from '../experiment/language/schema.js';
import { defineCommand } from './command.js';
import { print } from './print.js';

/** `secretsim schema` */
export const schemaCommand = defineCommand(
  {},
  {
    command: 'schema',
    builder: (yargs) => yargs.example('$0 schema > experiment.schema.json', 'save it beside your experiments'),
    handler: () => {
      print(`${JSON.stringify(jsonSchema(), null, 2)}\n`);
    },
  },
);
