import type { PdfFile } from '../file/pdf-file.js';
import { PdfStream } from '../syntax/objects.js';
import { rawReferencesOf, referencesOf } from './references.js';
import type { SourceObjectNumber } from '../syntax/object-numbers.js';

/** The objects that the trailer leads to, and the streams among them in the order in which they were reached. */
export interface Reachable {
  readonly numbers: ReadonlySet<SourceObjectNumber>;
  readonly streams: readonly SourceObjectNumber[];
}

/** Trailer entries that describe the file, not the document (ISO 32000-2, tables 15 and 17). */
export const FILE_ENTRIES: ReadonlySet<string> = new Set([
  ...['Size', 'Prev', 'Encrypt', 'ID', 'XRefStm'],
  ...['Type', 'Index', 'W', 'Length', 'Filter', 'DecodeParms', 'F', 'FFilter', 'FDecodeParms', 'DL'],
]);

/**
 * Follows all references from the trailer. Skips objects that do not exist. Calls `onReferences` with the references of
 * each object.
 */
export function findReachable(
  file: PdfFile,
  onReferences?: (num: SourceObjectNumber, references: readonly SourceObjectNumber[]) => void,
): Reachable {
  const seen = new Set<SourceObjectNumber>();
  const numbers = new Set<SourceObjectNumber>();
  const streams: SourceObjectNumber[] = [];
  const left: SourceObjectNumber[] = [];
  for (const [key, value] of file.trailer) if (!FILE_ENTRIES.has(key)) left.push(...referencesOf(value));
  for (let num = left.pop(); num !== undefined; num = left.pop()) {
    if (seen.has(num)) continue;
    seen.add(num);
    const raw = file.raw(num);
    if (!raw) continue;
    numbers.add(num);
    const parsed = raw.fixups ? undefined : file.parse(raw);
    if (raw.dataOffset !== undefined || parsed instanceof PdfStream) streams.push(num);
    const references = parsed === undefined ? rawReferencesOf(raw) : referencesOf(parsed);
    onReferences?.(num, references);
    for (const next of references) left.push(next);
  }
  return { numbers, streams };
}
