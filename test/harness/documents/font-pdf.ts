import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { deflateSync } from 'node:zlib';
import type { Operation, RunResult } from '@pdf-tools/operations/operation';
import { MemorySource, PdfDict, PdfFile, PdfName, PdfStream } from '@pdf-tools/pdf';
import { textPdf, textStream } from './text-pdf.js';
import { produce } from './workshop.js';

export const dejavu = readFileSync(createRequire(import.meta.url).resolve('dejavu-fonts-ttf/ttf/DejaVuSans.ttf'));

/** A stream of Flate data. */
export function deflatedStream(data: Buffer, entries = ''): string {
  return textStream(deflateSync(data).toString('latin1'), `/Filter /FlateDecode ${entries}`);
}

const PROGRAM = deflatedStream(dejavu, `/Length1 ${dejavu.length}`);
/** A simple TrueType font with the descriptor. */
export function fontDictionary(descriptor: number): string {
  return `<< /Type /Font /Subtype /TrueType /BaseFont /DejaVuSans /FontDescriptor ${descriptor} 0 R /Encoding /WinAnsiEncoding >>`;
}

function descriptorOf(program: number): string {
  return `<< /Type /FontDescriptor /FontName /DejaVuSans /Flags 32 /CIDSet 9 0 R /FontFile2 ${program} 0 R >>`;
}

/** A page with the fonts F (20) and G (21), whose programs 40 and 41 are equal. `more` objects come on top. */
export function fontPdf(content: string, more: Readonly<Record<number, string>> = {}): Buffer {
  return textPdf({
    1: '<< /Type /Catalog /Pages 2 0 R >>',
    2: '<< /Type /Pages /Kids [3 0 R] /Count 1 /MediaBox [0 0 100 100] >>',
    3: '<< /Type /Page /Parent 2 0 R /Contents 4 0 R /Resources << /Font << /F 20 0 R /G 21 0 R >> >> >>',
    4: textStream(content),
    20: fontDictionary(30),
    21: fontDictionary(31),
    30: descriptorOf(40),
    31: descriptorOf(41),
    40: PROGRAM,
    41: PROGRAM,
    ...more,
  });
}

/** A TrueType font of a compressed document. */
interface CompressedFont {
  readonly baseFont: string;
  readonly fontName: string;
  readonly program: Buffer;
  readonly descriptor: PdfDict;
}

interface CompressedFonts {
  /** In the order of their object numbers. */
  readonly fonts: readonly CompressedFont[];
  readonly report: RunResult['report'];
  readonly bytes: Buffer;
}

/** Compresses a document, and returns its TrueType fonts and the report. */
export async function compressFonts(operation: Operation, bytes: Buffer): Promise<CompressedFonts> {
  const { bytes: output, result } = await produce(operation, [['a.pdf', bytes]]);
  const file = new PdfFile(new MemorySource(output));
  const fonts = [...file.numbers()].flatMap((num): CompressedFont[] => {
    const font = file.load(num);
    const found = font instanceof PdfDict ? file.resolve(font.get('FontDescriptor')) : null;
    if (!(font instanceof PdfDict) || !(found instanceof PdfDict)) return [];
    const program = file.resolve(found.get('FontFile2'));
    if (!(program instanceof PdfStream)) return [];
    const name = (dict: PdfDict, key: string): string => {
      const value = dict.get(key);
      return value instanceof PdfName ? value.value : '';
    };
    const text = { baseFont: name(font, 'BaseFont'), fontName: name(found, 'FontName') };
    return [{ ...text, program: file.decoded(program).bytes, descriptor: found }];
  });
  return { fonts, report: result.report, bytes: output };
}
