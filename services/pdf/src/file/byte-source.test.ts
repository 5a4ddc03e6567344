import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ONE_PAGE, objectsText, pdfText, streamText } from '@pdf-tools/harness/documents/pdf-text';
import { SeededRandom } from '@pdf-tools/harness/documents/random';
import { PdfStream } from '../syntax/objects.js';
import { serialize } from '../syntax/serializer.js';
import { MemorySource, openSource } from './byte-source.js';
import type { ByteSource } from './byte-source.js';
import { PdfFile } from './pdf-file.js';

const HELD = 4 * 2 ** 20;
let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'pdf-tools-test-'));
});
afterAll(async () => {
  await rm(folder, { recursive: true, force: true });
});

async function fileOf(bytes: Buffer): Promise<ByteSource> {
  const path = join(folder, 'file');
  await writeFile(path, bytes);
  return openSource(path);
}

/** The text of all objects of a file and a digest of its streams. */
function contentOf(source: ByteSource): string[] {
  const file = new PdfFile(source);
  const found = [...file.numbers()].map((num) => {
    const object = file.load(num);
    const data = object instanceof PdfStream ? file.decoded(object).bytes.toString('base64') : '';
    return `${num} ${serialize(object)} ${data}`;
  });
  return [`repaired ${file.wasRepaired}`, serialize(file.trailer), ...found];
}

describe('openSource', () => {
  it('holds files up to 4 MiB in memory and reads larger ones in windows', async () => {
    const held = await fileOf(Buffer.alloc(HELD));
    expect(held).toBeInstanceOf(MemorySource);
    const read = await fileOf(Buffer.alloc(HELD + 1));
    expect(read).not.toBeInstanceOf(MemorySource);
    for (const source of [held, read]) source.close();
  });

  it('returns the right bytes of a large file in any order and size', async () => {
    const random = new SeededRandom(1);
    const bytes = random.mixture(HELD + 100_000);
    const source = await fileOf(bytes);
    for (let nth = 0; nth < 2000; nth++) {
      const offset = random.below(bytes.length + 1000);
      const size = random.below(nth % 100 === 0 ? 2 ** 21 : 2000);
      const view = source.window(offset, size);
      expect(view.length).toBeGreaterThanOrEqual(Math.min(size, Math.max(0, bytes.length - offset)));
      expect(view.equals(bytes.subarray(offset, offset + view.length))).toBe(true);
    }
    source.close();
  });

  it('keeps owned bytes valid after later reads', async () => {
    const bytes = new SeededRandom(2).mixture(HELD + 100_000);
    const source = await fileOf(bytes);
    const owned = source.own(source.window(10, 50).subarray(0, 50));
    source.window(HELD, 50);
    expect(owned.equals(bytes.subarray(10, 60))).toBe(true);
    source.close();
  });

  it('reads ranges of any size that stay valid after later reads', async () => {
    const bytes = new SeededRandom(4).mixture(HELD + 100_000);
    for (const source of [await fileOf(bytes), new MemorySource(bytes)]) {
      const ranges = [10, 2 ** 20, HELD, HELD + 200_000].map((offset) => {
        const sizes = [0, 50, 300_000];
        return sizes.map((size) => [source.read(offset, size), bytes.subarray(offset, offset + size)] as const);
      });
      for (const [read, expected] of ranges.flat()) expect(read.equals(expected)).toBe(true);
      source.close();
    }
  });

  it('reads few bytes at each of many distant offsets', async () => {
    const source = await fileOf(Buffer.alloc(4 * HELD));
    let most = 0;
    for (let offset = 2 * HELD; offset > 0; offset -= 2 ** 20) most = Math.max(most, source.window(offset, 20).length);
    expect(most).toBeLessThanOrEqual(16_384);
    source.close();
  });

  it.each([
    ['intact', true, ''],
    ['without a cross-reference', false, ''],
    ['with an object that is longer than a window', true, '1 0 R '.repeat(100_000)],
  ])('reads the same objects from memory and in windows if a file is %s', async (_, intact, filling) => {
    const random = new SeededRandom(3);
    const bodies = [...ONE_PAGE, `[${filling}]`];
    while (bodies.length < 1000) {
      const data = random.mixture(random.below(12_000));
      bodies.push(
        bodies.length % 3 === 0 ? `<</N ${bodies.length}/D(${'x'.repeat(random.below(900))})>>` : streamText('', data),
      );
    }
    const small = intact ? pdfText(bodies).bytes : Buffer.from(objectsText(bodies), 'latin1');
    const content = contentOf(new MemorySource(small));
    expect(content).toHaveLength(bodies.length + 2);
    expect(content[0]).toBe(`repaired ${!intact}`);
    const large = pdfText([...bodies, streamText('', Buffer.alloc(HELD))]).bytes;
    const cut = intact ? large : large.subarray(0, large.lastIndexOf('xref\n0 '));
    expect(cut.length).toBeGreaterThan(HELD);
    const source = await fileOf(cut);
    const fromFile = contentOf(source);
    source.close();
    expect(fromFile).toEqual(contentOf(new MemorySource(cut)));
    expect(fromFile.slice(2, -1)).toEqual(content.slice(2));
  });
});
