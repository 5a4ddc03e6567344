import { readFileSync, writeSync } from 'node:fs';
import * as nodeModule from 'node:module';
import { fileURLToPath } from 'node:url';

/** The version of the program, from its package.json. */
function readVersion(): string {
  const manifest: unknown = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'));
  return manifest instanceof Object && 'version' in manifest ? String(manifest.version) : 'unknown';
}

/** Prints the version. False if standard output cannot be written: `start` then reports why. */
function printVersion(): boolean {
  try {
    writeSync(1, `${readVersion()}\n`);
    return true;
  } catch {
    return false;
  }
}

/** Keeps compiled code beside this module for the next start, if Node can do that (22.8 and later). */
function enableCompileCache(): void {
  if (!('enableCompileCache' in nodeModule) || typeof nodeModule.enableCompileCache !== 'function') return;
  nodeModule.enableCompileCache(fileURLToPath(new URL('.compile-cache', import.meta.url)));
}

// This module imports nothing of the program, so that `--version` loads none of it.
const args = process.argv.slice(2);
if (args[0] !== '--version' || !printVersion()) {
  enableCompileCache();
  const { start } = await import('./start.js');
  await start(args, readVersion);
}
