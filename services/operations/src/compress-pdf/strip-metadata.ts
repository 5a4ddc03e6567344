import { PdfDict, PdfRef, PdfStream, isName, isOfType } from '@pdf-tools/pdf';
import type { PdfFile, PdfObject, SourceObjectNumber } from '@pdf-tools/pdf';
import type { Changes } from './changes.js';

interface Options {
  readonly changes: Changes;
  /** Whether a standard that the document claims requires its metadata. */
  readonly keepsMetadata: boolean;
}

/**
 * Removes metadata (ISO 32000-2, 14.3), thumbnails (12.3.4) and private data of applications (14.5) from these objects.
 * Returns the number of removed entries.
 */
export function stripMetadata(
  file: PdfFile,
  numbers: Iterable<SourceObjectNumber>,
  { changes, keepsMetadata }: Options,
): number {
  let count = 0;
  for (const num of numbers) {
    const object = changes.current(num);
    const dict = object instanceof PdfStream ? object.dict : object;
    if (!(dict instanceof PdfDict)) continue;
    const keys = removable(file, dict, keepsMetadata);
    if (keys.length === 0) continue;
    const changed = new PdfDict(dict);
    for (const key of keys) changed.delete(key);
    changes.replace(num, object instanceof PdfStream ? new PdfStream(changed, object.data, object.id) : changed);
    count += keys.length;
  }
  const info = file.trailer.get('Info');
  if (keepsMetadata || !(info instanceof PdfRef) || changes.current(info.num) === null) return count;
  changes.replace(info.num, null);
  return count + 1;
}

/** The entries to remove. A resource may have the same name, so that the kind of the object decides. */
function removable(file: PdfFile, dict: PdfDict, keepsMetadata: boolean): string[] {
  const isForm = isName(file.resolve(dict.get('Subtype')), 'Form');
  const isPage: boolean = isOfType(dict, 'Page');
  const hasPieces = isPage || isOfType(dict, 'Catalog') || isForm;
  return [
    ...(isPage ? ['Thumb'] : []),
    ...(hasPieces ? ['PieceInfo', 'LastModified'] : []),
    ...(!keepsMetadata && isMetadata(file.resolve(dict.get('Metadata'))) ? ['Metadata'] : []),
  ].filter((key) => dict.has(key));
}

function isMetadata(object: PdfObject): boolean {
  return object instanceof PdfStream && isOfType(object.dict, 'Metadata');
}
