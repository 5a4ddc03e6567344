#!/usr/bin/env node
// Usage: lighthouse.mjs URL SETTINGS
// Prints the report of Lighthouse on an address as JSON. SETTINGS are those of Lighthouse, as JSON. It is a program of its own,
// because Jest cannot load its modules while they load each other.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import lighthouse from 'lighthouse';
import { BROWSER_ARGS, browserPath } from './browser.mjs';

const [, , url, settings = '{}'] = process.argv;
const folder = await mkdtemp(join(tmpdir(), 'pdf-tools-lighthouse-'));
const browser = spawn(
  browserPath(),
  [...BROWSER_ARGS, '--headless=new', '--remote-debugging-port=0', `--user-data-dir=${folder}`, 'about:blank'],
  { stdio: ['ignore', 'ignore', 'pipe'] },
);
try {
  const port = await debuggingPort(browser.stderr);
  const config = { extends: 'lighthouse:default', settings: JSON.parse(settings) };
  const { lhr } = await lighthouse(url, { port, logLevel: 'error' }, config);
  if (lhr.runtimeError) throw new Error(lhr.runtimeError.message);
  const { categories, audits } = lhr;
  process.stdout.write(JSON.stringify({ categories, audits }));
} finally {
  browser.kill();
  await once(browser, 'exit');
  await rm(folder, { recursive: true, force: true, maxRetries: 5 });
}

/** Returns the port that the browser has chosen. */
async function debuggingPort(stderr) {
  let output = '';
  for await (const part of stderr) {
    output += part;
    const [, port] = /DevTools listening on ws:\/\/[^:]+:(\d+)/.exec(output) ?? [];
    if (port !== undefined) {
      stderr.resume();
      return Number(port);
    }
  }
  throw new Error(`the browser did not start: ${output}`);
}
