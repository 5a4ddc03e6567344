import { DecodingBudget, PdfError, decode } from '@pdf-tools/pdf';
import type { PdfFile, PdfStream } from '@pdf-tools/pdf';

/** Decodes a font program or a stream of a font. Returns undefined if it cannot be decoded within the limits. */
export function decodeFont(file: PdfFile, stream: PdfStream, budget = new DecodingBudget()): Buffer | undefined {
  if (stream.dict.has('F')) return undefined;
  try {
    const filters = file.filters(stream.dict).filter(({ name }) => name !== 'Crypt');
    const { bytes, left } = decode(file.encoded(stream), filters, budget);
    return left.length === 0 ? bytes : undefined;
  } catch (thrown) {
    if (thrown instanceof PdfError) return undefined;
    throw thrown;
  }
}
