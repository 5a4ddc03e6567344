import type { PdfFile } from '../file/pdf-file.js';
import { PdfRef } from '../syntax/objects.js';
import { PdfWriter } from '../writing/pdf-writer.js';
import type { WriterOptions } from '../writing/pdf-writer.js';
import { UNENCRYPTED } from '../document/conformance.js';
import { Copier } from './copier.js';
import { dropClaims } from './drop-claims.js';
import { SameKeys } from './struct-parent-keys.js';
import { ObjectDeduplicator } from '../writing/object-deduplicator.js';
import { NULL_TARGET } from '../syntax/object-numbers.js';

/**
 * Writes everything that a document's catalog and information reach to a new file, decrypted or encrypted as `options`
 * say. With encryption, removes claims of standards that forbid it.
 */
export function rewriteDocument(file: PdfFile, path: string, options: WriterOptions = {}): void {
  const writer = new PdfWriter(path, options);
  try {
    const copier = new Copier(file, writer, new ObjectDeduplicator(), new SameKeys(), { keepsPageTree: true });
    if (options.encryption) dropClaims(file, copier, UNENCRYPTED);
    const root = file.trailer.get('Root');
    const catalog = root instanceof PdfRef ? copier.copy(root.num) : writer.allocate();
    if (!(root instanceof PdfRef)) copier.write(file.catalog, catalog);
    const info = file.trailer.get('Info');
    const infoNumber = info instanceof PdfRef ? copier.copy(info.num) : NULL_TARGET;
    writer.end(catalog, infoNumber === NULL_TARGET ? undefined : infoNumber);
  } catch (thrown) {
    writer.discard();
    throw thrown;
  }
}
