import { closeSync, openSync, readSync } from 'node:fs';
import type { InputFile } from '../operation.js';
import type { ImageFile } from './image-file.js';

/** Bytes at the end of a JPEG that are compared. They belong to its image unless other data follow it. */
const END_BYTES = 64;

/**
 * Returns the files whose image no other file has, as far as that is known without reading whole files. They are a file
 * without others, and each JPEG with another end than all others. Metadata, which may differ, precede the image.
 */
export function findUniqueImages(files: readonly ImageFile[]): ReadonlySet<ImageFile> {
  if (files.length === 1) return new Set(files);
  const filesByEnd = new Map<string, ImageFile[]>();
  for (const file of files) {
    if (file.file.format !== 'jpeg') continue;
    const end = readEnd(file.file);
    const others = filesByEnd.get(end);
    if (others) others.push(file);
    else filesByEnd.set(end, [file]);
  }
  return new Set([...filesByEnd.values()].flatMap((equal) => (equal.length === 1 ? equal : [])));
}

function readEnd({ path, bytes }: InputFile): string {
  const end = Buffer.alloc(END_BYTES);
  const file = openSync(path, 'r');
  try {
    const length = readSync(file, end, 0, END_BYTES, Math.max(0, bytes - END_BYTES));
    return end.toString('latin1', 0, length);
  } finally {
    closeSync(file);
  }
}
