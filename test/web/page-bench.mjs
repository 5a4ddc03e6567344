#!/usr/bin/env node
// Usage: [ROUNDS=5] page-bench.mjs
// Measures when the page can be used on a processor that is four times slower, over a fast connection: the first contentful
// paint, the time to interactive and the total blocking time of Lighthouse. /docs is measured in the same rounds.
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { Product } from './product.mjs';

const run = promisify(execFile);
const PROGRAM = new URL('lighthouse.mjs', import.meta.url).pathname;
const ROUNDS = Number(process.env.ROUNDS ?? 5);
const METRICS = ['first-contentful-paint', 'interactive', 'total-blocking-time'];
const SETTINGS = {
  onlyAudits: METRICS,
  throttlingMethod: 'devtools',
  throttling: { cpuSlowdownMultiplier: 4, requestLatencyMs: 0, downloadThroughputKbps: 0, uploadThroughputKbps: 0 },
};

const product = await Product.start({}, ['api']);
const samples = { '/': [], '/docs': [] };
try {
  for (let round = 0; round < ROUNDS; round += 1)
    for (const path of Object.keys(samples)) {
      const args = [PROGRAM, product.stack.url + path, JSON.stringify(SETTINGS)];
      const { audits } = JSON.parse((await run(process.execPath, args, { maxBuffer: 64 * 1024 * 1024 })).stdout);
      samples[path].push(METRICS.map((metric) => audits[metric].numericValue));
    }
} finally {
  await product.stop();
}
for (const [path, rows] of Object.entries(samples)) {
  const medians = METRICS.map((metric, index) => `${metric} ${median(rows.map((row) => row[index])).toFixed(0)} ms`);
  console.log(`${path.padEnd(6)} ${medians.join(', ')} (median of ${ROUNDS})`);
}

function median(values) {
  return values.sort((left, right) => left - right)[Math.floor(values.length / 2)];
}
