import { describe, expect, it } from '@jest/globals';
import { deflateSync } from 'node:zlib';
import { PdfStream, readClaims } from '@pdf-tools/pdf';
import { claimingPdf } from '@pdf-tools/harness/documents/claiming-pdf';
import { pagesPdf } from '@pdf-tools/harness/documents/pages-pdf';
import { openBytes } from '@pdf-tools/harness/documents/pdf-folder';
import { produce } from '@pdf-tools/harness/documents/workshop';
import operation from './definition.js';

const PLAIN = pagesPdf('PLAIN', 1);
const UA = '<u:part xmlns:u="http://www.aiim.org/pdfua/ns/id/">1</u:part>';
const X4 = '<x:GTS_PDFXVersion xmlns:x="http://www.npes.org/pdfx/ns/id/">PDF/X-4</x:GTS_PDFXVersion>';
const LAYERS = '/OCProperties << /OCGs [] /D << >> >>';

interface Outcome {
  readonly bytes: Buffer;
  readonly claims: readonly string[];
  readonly report: string;
}

interface Params {
  readonly output_password?: string;
  readonly toc?: boolean;
  readonly pad_to_even?: boolean;
}

async function merge(files: readonly Buffer[], params: Params = {}): Promise<Outcome> {
  const named = files.map((bytes, at) => [`${'abc'.charAt(at)}.pdf`, bytes] as const);
  const { bytes, result } = await produce(operation, named, { params: { ...params } });
  const claims = readClaims(openBytes(bytes, params.output_password)).map(({ label }) => label);
  return { bytes, claims, report: JSON.stringify(result.report) };
}

describe('claims of conformance in a merge', () => {
  it.each([
    ['a file without a claim', [claimingPdf({}), PLAIN], {}, '\\"b.pdf\\" does not claim PDF/A'],
    ['a file without a claim before it', [PLAIN, claimingPdf({})], {}, '\\"a.pdf\\" does not claim PDF/A'],
    ['another part', [claimingPdf({}), claimingPdf({ part: 3 })], {}, '\\"b.pdf\\" claims PDF/A-3b'],
    ['a lower level', [claimingPdf({ level: 'A' }), claimingPdf({ level: 'U' })], {}, '\\"b.pdf\\" claims PDF/A-2u'],
    ['a contents page', [claimingPdf({})], { toc: true }, 'the contents page does not conform'],
    ['encryption', [claimingPdf({})], { output_password: 'secret' }, 'PDF/A forbids encryption'],
    [
      'two profiles',
      [claimingPdf({ profile: 'one' }), claimingPdf({ profile: 'two' })],
      {},
      'different output intents',
    ],
    ['layers in both', [LAYERS, LAYERS].map((catalog) => claimingPdf({ catalog })), {}, 'several files have layers'],
    ['a part that does not exist', [claimingPdf({ part: 7 })], {}, 'its part is not known'],
  ])('are dropped with %s, and the report says why', async (_, files, params, reason) => {
    const { bytes, claims, report } = await merge(files, params);
    expect(claims).toEqual([]);
    expect(report).toContain('no longer claims PDF/A-');
    expect(report).toContain(reason);
    expect(bytes.toString('latin1', 0, 8)).toBe('%PDF-1.7');
  });

  it('are kept if all files make the same claim with one output intent', async () => {
    const files = [claimingPdf({ profile: 'one' }), claimingPdf({ profile: 'one', level: 'A' })];
    const { bytes, claims, report } = await merge(files);
    expect(claims).toEqual(['PDF/A-2b']);
    expect(report).not.toContain('claims');
    expect(openBytes(bytes).catalogEntry('OutputIntents')).toHaveLength(1);
  });

  it('of PDF/A-1 are kept with the file structure of PDF/A-1', async () => {
    const files = [claimingPdf({ part: 1 }), claimingPdf({ part: 1 })];
    const { bytes, claims } = await merge(files, { pad_to_even: true });
    expect(claims).toEqual(['PDF/A-1b']);
    expect(bytes.toString('latin1', 0, 8)).toBe('%PDF-1.4');
    expect(bytes.toString('latin1')).not.toMatch(/ObjStm|XRef/);
    const metadata = openBytes(bytes).catalogEntry('Metadata');
    expect(metadata instanceof PdfStream && metadata.dict.has('Filter')).toBe(false);
  });

  it('of PDF/A-4 are kept on a 2.0 file', async () => {
    const { bytes, claims } = await merge([claimingPdf({ part: 4, level: '' })]);
    expect(claims).toEqual(['PDF/A-4']);
    expect(bytes.toString('latin1', 0, 8)).toBe('%PDF-2.0');
  });

  it('of PDF/UA are kept without those of PDF/A and with encryption', async () => {
    const files = [claimingPdf({ properties: UA }), claimingPdf({ part: 3, properties: UA })];
    expect((await merge(files, { output_password: 'secret' })).claims).toEqual(['PDF/UA-1']);
  });

  it("of a file with a decompression bomb as profile are refused with the file's name", async () => {
    const profile = deflateSync(Buffer.alloc(70 * 2 ** 20)).toString('latin1');
    const document = claimingPdf({ profile, filter: '/FlateDecode' });
    await expect(merge([document])).rejects.toMatchObject({ code: 'upload_too_large', errors: [{ file: 'a.pdf' }] });
  });

  it('of PDF/X are removed from the metadata and the document information', async () => {
    const { claims, report } = await merge([claimingPdf({ properties: X4 })]);
    expect(claims).toEqual(['PDF/A-2b']);
    expect(report).toContain('no longer claims PDF/X-4: merging does not keep it');
    const objects = { 20: '<< /GTS_PDFXVersion (PDF/X-1a:2001) /Title (kept) >>' };
    const old = await merge([pagesPdf('X', 1, { trailer: '/Info 20 0 R', objects })]);
    expect(old.claims).toEqual([]);
    expect(old.report).toContain('no longer claims PDF/X-1a:2001');
    const { trailer } = openBytes(old.bytes);
    expect(openBytes(old.bytes).resolve(trailer.get('Info'))).toHaveProperty('size', 1);
  });
});
