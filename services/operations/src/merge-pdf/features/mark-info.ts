import type { PdfFile } from '@pdf-tools/pdf';
import { PdfDict } from '@pdf-tools/pdf';
import type { Source } from '../source.js';

/**
 * Merges the mark information (ISO 32000-2, 14.7.1). Returns undefined if no source has any. /Marked means that all
 * content is tagged (14.8.2.2.1), so every source must have it, with tags if any has them, and no untagged page may be
 * added. The other entries are set if any source has them.
 */
export function markInfoOf(
  sources: readonly Source[],
  tagged: ReadonlySet<Source>,
  addsUntagged: boolean,
): PdfDict | undefined {
  const infos = Array.from(new Set(sources.map(({ file }) => file)), readMarkInfo);
  if (infos.every((info) => info === undefined)) return undefined;
  const alike = tagged.size === 0 || sources.every((source) => tagged.has(source));
  const info = PdfDict.of({ Marked: alike && !addsUntagged && infos.every((each) => each?.get('Marked') === true) });
  for (const key of ['UserProperties', 'Suspects'])
    if (infos.some((each) => each?.get(key) === true)) info.set(key, true);
  return info;
}

function readMarkInfo(file: PdfFile): PdfDict | undefined {
  const info = file.catalogEntry('MarkInfo');
  if (!(info instanceof PdfDict)) return undefined;
  return new PdfDict([...info].map(([key, value]) => [key, file.resolve(value)]));
}
