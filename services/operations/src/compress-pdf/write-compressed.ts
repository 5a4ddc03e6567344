import {
  Copier,
  FILE_ENTRIES,
  PdfDict,
  PdfRef,
  PdfStream,
  PdfString,
  PdfWriter,
  SameKeys,
  ObjectDeduplicator,
  UNENCRYPTED,
  TargetRef,
  dropClaims,
  isOfType,
} from '@pdf-tools/pdf';
import type { PdfFile, Reachable, SourceObjectNumber, TargetObjectNumber, WriterOptions } from '@pdf-tools/pdf';
import type { Changes } from './changes.js';

interface Options extends WriterOptions {
  /** Whether to remove claims of standards that forbid encryption. By default, if this writer encrypts. */
  readonly dropsClaims?: boolean;
  readonly changes: Changes;
  /** The objects of the file that its trailer leads to. */
  readonly reachable: Reachable;
}

/**
 * Writes everything that a document's trailer leads to. Returns the number of objects that nothing refers to.
 */
export function writeCompressed(
  file: PdfFile,
  path: string,
  { changes, reachable, dropsClaims, ...options }: Options,
): number {
  const writer = new PdfWriter(path, options);
  try {
    const copier = new Copier(file, writer, new ObjectDeduplicator(), new SameKeys(), {
      keepsPageTree: true,
      keepsStreams: true,
    });
    if (dropsClaims ?? options.encryption) dropClaims(file, copier, UNENCRYPTED);
    for (const [num, value] of changes.entries()) copier.override(num, value);
    const root = copyEntry(file, copier, 'Root');
    const info = isRemoved(file, changes, 'Info') ? undefined : copyEntry(file, copier, 'Info');
    const entries = otherEntries(file, copier);
    writer.end(root ?? writer.allocate(), info, entries);
    return countUnreachable(file, reachable);
  } catch (thrown) {
    writer.discard();
    throw thrown;
  }
}

/** Whether the object of a trailer entry is replaced by null. */
function isRemoved(file: PdfFile, changes: Changes, key: string): boolean {
  const value = file.trailer.get(key);
  return value instanceof PdfRef && changes.current(value.num) === null;
}

/** Copies a trailer entry. Returns its number, or undefined for null. */
function copyEntry(file: PdfFile, copier: Copier, key: string): TargetObjectNumber | undefined {
  const value = copier.adopt(file.trailer.get(key) ?? null);
  return value instanceof TargetRef ? value.num : undefined;
}

/** Nonstandard entries of the trailer, and the identifier of the document (14.4). */
function otherEntries(file: PdfFile, copier: Copier): PdfDict {
  const entries = new PdfDict();
  for (const [key, value] of file.trailer)
    if (!FILE_ENTRIES.has(key) && key !== 'Root' && key !== 'Info') entries.set(key, copier.adopt(value));
  const id = file.resolve(file.trailer.get('ID'));
  const first = Array.isArray(id) ? file.resolve(id[0]) : null;
  if (first instanceof PdfString && first.bytes.length > 0) entries.set('ID', first);
  return entries;
}

function countUnreachable(file: PdfFile, { numbers }: Reachable): number {
  let count = 0;
  for (const num of file.numbers()) if (!numbers.has(num) && isContent(file, num)) count += 1;
  return count;
}

/** Object and cross-reference streams are not part of a document's content. */
function isContent(file: PdfFile, num: SourceObjectNumber): boolean {
  try {
    const object = file.load(num);
    const dict = object instanceof PdfStream ? object.dict : object;
    return object !== null && !isOfType(dict, 'ObjStm') && !isOfType(dict, 'XRef');
  } catch {
    return true;
  }
}
