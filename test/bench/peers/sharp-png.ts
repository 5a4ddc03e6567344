/** Decodes an image with sharp and encodes it as PNG with sharp's defaults. Reads orders and writes answers as lines of JSON. */
import { createInterface } from 'node:readline';
import sharp from 'sharp';
import type { PeerOrder } from './resident.js';

sharp.concurrency(1);
sharp.cache(false);
process.stdout.write('{"ms":0}\n');
for await (const line of createInterface({ input: process.stdin })) {
  const { files, out } = JSON.parse(line) as PeerOrder;
  const start = performance.now();
  for (const file of files) await sharp(file).png().toFile(out);
  process.stdout.write(`${JSON.stringify({ ms: performance.now() - start })}\n`);
}
