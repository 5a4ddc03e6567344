import { deflateSync } from 'node:zlib';
import { describe, expect, it } from '@jest/globals';
import { openBytes } from '@pdf-tools/harness/documents/pdf-folder';
import { textPdf, textStream } from '@pdf-tools/harness/documents/text-pdf';
import { produce } from '@pdf-tools/harness/documents/workshop';
import { PdfStream } from '@pdf-tools/pdf';
import operation from './definition.js';

const WORDS = Array.from({ length: 3000 }, (_item, at) => `${(at * at) % 997} ${(at * 31) % 789} l`).join('\n');
const DRAWING = `0 0 m\n${WORDS}\nS`;

function documentOf(content: string): Buffer {
  return textPdf({
    1: '<< /Type /Catalog /Pages 2 0 R >>',
    2: '<< /Type /Pages /Count 1 /Kids [3 0 R] /MediaBox [0 0 595 842] >>',
    3: '<< /Type /Page /Parent 2 0 R /Contents 4 0 R >>',
    4: content,
    5: `[${' '.repeat(5000)}]`,
  });
}

async function contentOf(level: string, content: string): Promise<{ text: string; bytes: number }> {
  const { bytes } = await produce(operation, [['a.pdf', documentOf(content)]], { params: { level } });
  const file = openBytes(bytes);
  const stream = [...file.numbers()]
    .map((num) => file.load(num))
    .find((each) => each instanceof PdfStream && isContent(each));
  if (!(stream instanceof PdfStream)) throw new Error('The document has no content.');
  return { text: file.decoded(stream).bytes.toString('latin1'), bytes: stream.data.length };
}

function isContent({ dict }: PdfStream): boolean {
  return !dict.has('Type');
}

function countListeners(): number {
  return process.listenerCount('uncaughtException') + process.listenerCount('unhandledRejection');
}

/** Before the module is loaded. */
const LISTENERS = countListeners();

describe('compress-pdf with level=max', () => {
  it('writes the same content in fewer bytes than zlib', async () => {
    const content = textStream(deflateSync(DRAWING).toString('latin1'), '/Filter /FlateDecode');
    const [max, ebook] = [await contentOf('max', content), await contentOf('ebook', content)];
    expect(max.text).toBe(ebook.text);
    expect(max.bytes).toBeLessThan(ebook.bytes);
  });

  it('leaves no listeners that would end the process', async () => {
    await contentOf('max', textStream(DRAWING));
    expect(countListeners()).toBe(LISTENERS);
  });
});
