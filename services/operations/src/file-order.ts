import type { InputFile } from './operation.js';

export const FILE_ORDERS = ['upload', 'natural', 'name'] as const;
export type FileOrder = (typeof FILE_ORDERS)[number];

/**
 * Returns the positions of files in an order: as sent, by name with numbers in numeric order, or by name. Files with equal
 * names stay in the order sent.
 */
export function orderFiles(files: readonly Pick<InputFile, 'name'>[], order: FileOrder): number[] {
  const positions = files.map((_file, index) => index);
  if (order === 'upload') return positions;
  const { compare } = new Intl.Collator('en', { numeric: order === 'natural' });
  return positions.sort((left, right) => compare(files[left]?.name ?? '', files[right]?.name ?? ''));
}
