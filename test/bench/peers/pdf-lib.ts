/** Merges all pages of each file with pdf-lib. Reads orders and writes answers as lines of JSON. */
import { readFile, writeFile } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import { PDFDocument } from 'pdf-lib';
import type { PeerOrder } from './resident.js';

process.stdout.write('{"ms":0}\n');
for await (const line of createInterface({ input: process.stdin })) {
  const { files, out } = JSON.parse(line) as PeerOrder;
  const start = performance.now();
  await merge(files, out);
  process.stdout.write(`${JSON.stringify({ ms: performance.now() - start })}\n`);
}

async function merge(files: readonly string[], out: string): Promise<void> {
  const target = await PDFDocument.create();
  for (const file of files) {
    const source = await PDFDocument.load(await readFile(file));
    for (const page of await target.copyPages(source, source.getPageIndices())) target.addPage(page);
  }
  await writeFile(out, await target.save());
}
