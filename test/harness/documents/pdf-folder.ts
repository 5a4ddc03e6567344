import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MemorySource, PdfFile } from '@pdf-tools/pdf';

/** Returns the bytes that `write` writes to a path. For unit tests. */
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

/** Opens a file in memory. */
export function openBytes(bytes: Buffer, password?: string): PdfFile {
  return new PdfFile(new MemorySource(bytes), { password });
}
