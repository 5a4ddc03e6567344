// Usage: node fill-compile-cache.mjs BUNDLE   (as the user that will run the program, with the same Node)
// Starts each process of a bundle once, so that its compile cache holds the code that a start runs.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const [bundle = '.'] = process.argv.slice(2);
for (const entry of JSON.parse(readFileSync(join(bundle, 'package.json'), 'utf8')).entries) {
  const args = entry === 'main.js' ? ['--version'] : [];
  const child = spawn(process.execPath, [join(bundle, entry), ...args], {
    stdio: ['ignore', 'inherit', 'inherit', 'pipe'],
  });
  // A child process reports on this channel that it is ready, and ends when the channel does.
  child.stdio[3].once('data', () => child.stdio[3].destroy());
  const [code] = await once(child, 'exit');
  if (code !== 0) throw new Error(`${entry} ended with ${code}`);
}
