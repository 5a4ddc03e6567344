/** Writes the system call filter of child processes to the file that its argument names. The image's build runs it. */
import { writeFileSync } from 'node:fs';
import { buildFilter } from './seccomp.js';

const [, , path] = process.argv;
if (path === undefined) throw new Error('Name the file to write.');
writeFileSync(path, buildFilter());
