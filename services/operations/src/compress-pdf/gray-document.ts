import { GrayConversion, PdfDict, PdfName, PdfRef, PdfStream, findReachable, isName } from '@pdf-tools/pdf';
import type { PageEntry, PdfFile, PdfObject, SourceObjectNumber } from '@pdf-tools/pdf';
import type { Changes } from './changes.js';
import { deflatePieces } from './packing.js';

/**
 * Converts the colours of text, vector graphics, shadings and annotations to gray. Returns what is left in colour, and
 * how often.
 */
export async function grayDocument(
  file: PdfFile,
  pages: readonly PageEntry[],
  { changes, signal }: { readonly changes: Changes; readonly signal: AbortSignal },
): Promise<ReadonlyMap<string, number>> {
  const gray = await GrayConversion.of(file, pages, { signal });
  for (const num of findReachable(file).numbers) {
    signal.throwIfAborted();
    const value = changes.current(num);
    if (value instanceof PdfStream && isName(file.resolve(value.dict.get('Subtype')), 'Image')) continue;
    const converted = await grayContent(gray, num, gray.object(value));
    if (converted !== value) changes.replace(num, converted);
  }
  const seen = new Set<SourceObjectNumber>();
  for (const [index, { num }] of pages.entries()) {
    if (num !== undefined && seen.has(num)) continue;
    const content = await changedContent(gray, gray.pageContent(index + 1));
    const page = num === undefined ? null : changes.current(num);
    if (!content || num === undefined || !(page instanceof PdfDict)) continue;
    seen.add(num);
    const stream = changes.add(new PdfStream(deflated(new PdfDict()), content));
    changes.replace(num, new PdfDict(page).set('Contents', new PdfRef(stream, 0)));
  }
  return gray.left;
}

/** Converts a stream that is drawn as content to gray. Returns other objects unchanged. */
async function grayContent(gray: GrayConversion, num: SourceObjectNumber, value: PdfObject): Promise<PdfObject> {
  if (!(value instanceof PdfStream)) return value;
  const data = await changedContent(gray, gray.content(num));
  return data ? new PdfStream(deflated(value.dict), data) : value;
}

/** The deflated content. Undefined if it has no colours. */
async function changedContent(
  gray: GrayConversion,
  pieces: AsyncIterable<Buffer> | undefined,
): Promise<Buffer | undefined> {
  if (!pieces) return undefined;
  const before = gray.changes;
  const data = await deflatePieces(pieces);
  return gray.changes > before ? data : undefined;
}

function deflated(dict: PdfDict): PdfDict {
  const changed = new PdfDict(dict);
  changed.delete('DecodeParms');
  return changed.set('Filter', new PdfName('FlateDecode'));
}
