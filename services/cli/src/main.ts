import { readFileSync, writeSync } from 'node:fs';
import * as nodeModule from 'node:module';
import { fileURLToPath } from 'node:url';

/** Reads the version of the program from its package.json. */
function readVersion(): string {
  const manifest: unknown = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'));
  return manifest instanceof Object && 'version' in manifest ? String(manifest.version) : 'unknown';
}

/** Prints the version. Returns false if standard output cannot be written, so that `start` reports why. */
function printVersion(): boolean {
  try {
    writeSync(1, `${readVersion()}\n`);
    return true;
  } catch {
    return false;
  }
}

/** Caches compiled code beside this module for the next start, if Node can (22.8 and later). */
function useCompileCache(): void {
  const { enableCompileCache } = nodeModule as { readonly enableCompileCache?: (folder: string) => unknown };
  enableCompileCache?.(fileURLToPath(new URL('.compile-cache', import.meta.url)));
}

/** Node 20's V8 optimizes functions that a short run calls a few hundred times, which takes longer than it saves. */
async function optimizeLater(): Promise<void> {
  if (!process.versions.v8.startsWith('11.')) return;
  const { setFlagsFromString } = await import('node:v8');
  setFlagsFromString('--interrupt-budget=500000');
}

// This module imports nothing of the program, so that `--version` loads none of it.
const args = process.argv.slice(2);
if (args[0] !== '--version' || !printVersion()) {
  useCompileCache();
  await optimizeLater();
  const { start } = await import('./start.js');
  await start(args, readVersion);
}
