import { main } from './cli.js';
import { guardStandardStreams } from './print.js';

guardStandardStreams();
process.exitCode = await main(process.argv.slice(2));
