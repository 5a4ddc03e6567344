import { mkdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { rewriteDocument } from '../pdf/copying/rewrite-document.js';
import { openSource } from '../pdf/file/byte-source.js';
import { find } from '../pdf/file/stream-range.js';
import { PdfFile } from '../pdf/file/pdf-file.js';

/** Stands in the trailer or the dictionary of the cross-reference stream, neither of which is ever filtered. */
const ENCRYPT = Buffer.from('/Encrypt');

/**
 * The bytes of an encrypted file without its encryption; undefined for one that is not encrypted. Throws the `Fault`s of
 * opening it: `password_required`, `password_wrong`, `corrupt_pdf`.
 */
export async function decrypt(path: string, workDir: string, password: string): Promise<Buffer | undefined> {
  const source = openSource(path);
  try {
    if (find(source, ENCRYPT, 0) === undefined) return undefined;
    const file = new PdfFile(source, { password: password === '' ? undefined : password });
    if (!file.encryption) return undefined;
    await mkdir(workDir, { recursive: true });
    const plain = join(workDir, 'decrypted.pdf');
    rewriteDocument(file, plain);
    const bytes = await readFile(plain);
    await rm(plain);
    return bytes;
  } finally {
    source.close();
  }
}
