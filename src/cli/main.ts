#!/usr/bin/env node
/*
 * The program itself is loaded only on a version of Node that understands it: an older one would print a piece of its
 * source and say that a character is unexpected. So this file is written for any version that knows modules.
 */
import { keepCompiledCode } from './compiled-code.js';

const NEEDED = [20, 19] as const;

const [major, minor] = process.versions.node.split('.').map(Number);
if (major > NEEDED[0] || (major === NEEDED[0] && minor >= NEEDED[1])) {
  keepCompiledCode();
  void import('./start.js');
} else {
  process.stderr.write(
    `secretsim needs Node.js ${NEEDED.join('.')} or newer; this is ${process.versions.node} (nodejs.org has newer ones)\n`,
  );
  process.exitCode = 2;
}
