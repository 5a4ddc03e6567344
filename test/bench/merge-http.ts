import { openAsBlob } from 'node:fs';
import { basename } from 'node:path';
import { quantile } from './figures.js';

const ROUNDS = 7;

/** Posts the same files to two servers in turn and prints the time from the first byte sent to the last received. */
export async function mergeOverHttp(
  files: readonly string[],
  servers: Readonly<Record<string, string>>,
): Promise<void> {
  const times = new Map<string, number[]>(Object.keys(servers).map((name) => [name, []]));
  const sizes = new Map<string, number>();
  for (let round = 0; round < ROUNDS; round++) {
    for (const [name, url] of Object.entries(servers)) {
      const start = performance.now();
      sizes.set(name, await post(`${url}/api/merge-pdf`, files));
      times.get(name)?.push(performance.now() - start);
    }
  }
  console.log(`\nthrough HTTP: ${files.length} files, medians of ${ROUNDS}`);
  for (const [name, taken] of times) {
    const median = quantile(taken, 0.5).toFixed(0).padStart(8);
    console.log(`${name.padEnd(8)}${median} ms   ${((sizes.get(name) ?? 0) / 1e6).toFixed(2)} MB out`);
  }
}

async function post(url: string, files: readonly string[]): Promise<number> {
  const body = new FormData();
  for (const file of files) body.append('files', await openAsBlob(file, { type: 'application/pdf' }), basename(file));
  const answer = await fetch(url, { method: 'POST', body });
  const bytes = (await answer.arrayBuffer()).byteLength;
  if (answer.status !== 200) throw new Error(`${url} answered ${answer.status}`);
  return bytes;
}
