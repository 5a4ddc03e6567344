import type { PdfArray, PdfFile } from '@pdf-tools/pdf';
import { PdfDict, PdfRef, PdfString, WrittenRef } from '@pdf-tools/pdf';
import type { Source } from '../source.js';

interface Placing {
  /** Number of the root in the result. */
  readonly root: number;
  /** What elements without a language were in, its bytes as Latin-1 text (ISO 32000-2, 14.9.2). */
  readonly language: string | undefined;
}

/** The elements at the top of a source's structure tree, each once: they are copied so that they fit under the new root. */
export function placeTopElements({ file, copier }: Source, kids: PdfArray, placing: Placing): PdfArray {
  const [top, seen]: [PdfArray, Set<number>] = [[], new Set()];
  const root = file.catalog.get('StructTreeRoot');
  const rootNum = root instanceof PdfRef ? root.num : 0;
  for (const kid of kids) {
    const num = kid instanceof PdfRef ? kid.num : 0;
    if (seen.has(num)) continue;
    if (num !== 0) seen.add(num);
    const element = num === 0 ? file.resolve(kid) : copier.current(num);
    if (!(element instanceof PdfDict) || !element.has('S')) continue;
    const placed = placedElement(element, rootNum, placing);
    top.push(num === 0 ? placed : kid);
    if (num !== 0 && placed !== element) copier.override(num, placed);
  }
  return top;
}

/** The element with the root above it, in its language; itself if that is so already. */
function placedElement(element: PdfDict, oldRoot: number, { root, language }: Placing): PdfDict {
  const parent = element.get('P');
  const fits = parent instanceof PdfRef && parent.num === oldRoot;
  const speaks = language === undefined || element.has('Lang');
  if (fits && speaks) return element;
  const placed = new PdfDict(element).set('P', new WrittenRef(root));
  return speaks ? placed : placed.set('Lang', PdfString.latin1(language));
}

/** A document's language, its bytes as Latin-1 text. */
export function languageOf(file: PdfFile): string | undefined {
  const language = file.catalogEntry('Lang');
  return language instanceof PdfString ? language.bytes.toString('latin1') : undefined;
}
