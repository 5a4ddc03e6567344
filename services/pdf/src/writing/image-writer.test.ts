import { describe, expect, it } from '@jest/globals';
import { SeededRandom } from '@pdf-tools/harness/documents/random';
import { MemorySink } from './byte-sink.js';
import { ImageWriter } from './image-writer.js';
import type { PdfImage } from './image-writer.js';
import { ObjectDeduplicator } from './object-deduplicator.js';
import { PdfWriter } from './pdf-writer.js';
import { PdfDict } from '../syntax/objects.js';

const jpeg = (seed: number, bytes = 100_000): PdfImage => ({
  width: 10,
  height: 10,
  bitsPerComponent: 8,
  colorSpace: { kind: 'DeviceRGB' },
  filter: 'DCTDecode',
  data: [new SeededRandom(seed).bytes(bytes)],
});

/** Writes images. Returns their object numbers and the document. */
function write(images: readonly PdfImage[], isUnique: boolean): { numbers: number[]; file: Buffer } {
  const sink = new MemorySink();
  const writer = new PdfWriter(sink);
  const imageWriter = new ImageWriter(writer, new ObjectDeduplicator());
  const numbers = images.map((image) => imageWriter.write(image, { isUnique }).num);
  writer.end(writer.put(new PdfDict()), undefined);
  return { numbers, file: sink.toBuffer() };
}

/** The second identifier in the trailer, which comes from the contents. */
function identifierOf(file: Buffer): string {
  const trailer = file.toString('latin1', file.lastIndexOf('/ID'));
  return trailer.slice(0, trailer.indexOf('/Length'));
}

describe('ImageWriter', () => {
  it('writes equal images once', () => {
    const { numbers } = write([jpeg(1), jpeg(2), jpeg(1)], false);
    expect(numbers[2]).toBe(numbers[0]);
    expect(numbers[1]).not.toBe(numbers[0]);
  });

  it('does not look for an equal of an image that the caller knows to be unique', () => {
    expect(new Set(write([jpeg(1), jpeg(1)], true).numbers).size).toBe(2);
  });

  it.each([[100_000], [300], [1]])(
    'gives documents with other unique images of %d bytes other identifiers',
    (bytes) => {
      const [one, same, other] = [1, 1, 2].map((seed) => identifierOf(write([jpeg(seed, bytes)], true).file));
      expect(same).toBe(one);
      expect(other).not.toBe(one);
    },
  );
});
