// Usage: node fill-compile-cache.mjs BUNDLE   (as the user that will run the program, with the same Node)
// Starts each process of a bundle once, with the flags that it will have, so that its compile cache holds the code that a
// start runs.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const [bundle = '.'] = process.argv.slice(2);
const { entries, childFlags } = JSON.parse(readFileSync(join(bundle, 'package.json'), 'utf8'));
for (const entry of entries) {
  const path = join(bundle, entry);
  const args = entry === 'main.js' ? [path, '--version'] : [...childFlags, path];
  const child = spawn(process.execPath, args, {
    stdio: ['ignore', 'inherit', 'inherit', 'pipe'],
  });
  // A child process reports on this channel that it is ready, and ends when the channel does.
  child.stdio[3].once('data', () => child.stdio[3].destroy());
  const [code] = await once(child, 'exit');
  if (code !== 0) throw new Error(`${entry} ended with ${code}`);
}
