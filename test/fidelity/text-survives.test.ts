import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import mergePdf from '@pdf-tools/operations/merge-pdf/definition';
import { pagesPdf } from '@pdf-tools/harness/documents/pages-pdf';
import { textStream } from '@pdf-tools/harness/documents/text-pdf';
import { produce } from '@pdf-tools/harness/documents/workshop';
import { ask } from '../corpus/readers.js';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'pdf-tools-text-'));
});
afterAll(() => rm(folder, { recursive: true }));

/** The text of a document for poppler, without white space. */
async function textFor(bytes: Buffer): Promise<string> {
  const path = join(folder, 'read.pdf');
  await writeFile(path, bytes);
  const { text } = await ask('pdftotext', ['-q', path, '-']);
  return text.replace(/\s/g, '');
}

async function merged(...files: Buffer[]): Promise<string> {
  const { bytes } = await produce(
    mergePdf,
    files.map((file, at) => [`${at}.pdf`, file] as const),
  );
  return textFor(bytes);
}

/** A page that says `text` in a membership of a layer, and in a font with this name. */
function page(text: string, { catalog = '', font = 'F1' }): Buffer {
  return pagesPdf('', 1, {
    catalog,
    objects: {
      10: `<< /Type /Page /Parent 2 0 R /MediaBox [0 0 300 300] /Contents 20 0 R /Resources << /Font << /${font} 3 0 R >> /Properties << /A 31 0 R >> >> >>`,
      20: textStream(`/OC /A BDC BT /${font} 24 Tf 20 100 Td (${text}) Tj ET EMC`),
      30: '<< /Type /OCG /Name (one) >>',
      31: '<< /Type /OCMD /OCGs [30 0 R] >>',
    },
  });
}

describe('text that poppler finds in a file', () => {
  it('is found in the result if only another file lists layers', async () => {
    const listed = page('LISTED', { catalog: '/OCProperties << /OCGs [30 0 R] /D << >> >>' });
    const unlisted = page('UNLISTED', {});
    expect(await textFor(unlisted)).toBe('UNLISTED');
    expect(await merged(listed, unlisted)).toBe('LISTEDUNLISTED');
  });

  it.each(['F#zz', 'F#4z', 'F#', 'F#00x'])('is found in the result with a font called /%s', async (font) => {
    const document = page('TEXT', { font });
    expect(await textFor(document)).toBe('TEXT');
    expect(await merged(document)).toBe('TEXT');
  });
});
