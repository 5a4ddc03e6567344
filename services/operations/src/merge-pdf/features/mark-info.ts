import type { PdfFile } from '@pdf-tools/pdf';
import { PdfDict } from '@pdf-tools/pdf';
import type { Source } from '../source.js';

/**
 * The mark information (ISO 32000-2, 14.7.1) of the result; undefined where no source has any. /Marked says that all real
 * content is tagged (14.8.2.2.1): true if every source says so, each with tags where one has them, and no untagged page is
 * added. What may hold for a part of the document holds for the whole if a source says so.
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
