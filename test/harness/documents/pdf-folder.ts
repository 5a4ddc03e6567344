import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MemorySource, PdfFile } from '@pdf-tools/pdf';

/** The bytes of the file that `write` writes to the path it is given. For unit tests. */
export function writtenBytes(write: (path: string) => void): Buffer {
  const folder = mkdtempSync(join(tmpdir(), 'pdf-tools-test-'));
  try {
    const path = join(folder, 'out.pdf');
    write(path);
    return readFileSync(path);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** A file that is in memory. */
export function openBytes(bytes: Buffer, password?: string): PdfFile {
  return new PdfFile(new MemorySource(bytes), { password });
}
