import type { PdfArray, PdfFile, SourceObjectNumber, TargetObjectNumber } from '@pdf-tools/pdf';
import { NO_OBJECT, PdfDict, PdfRef, PdfString, TargetRef } from '@pdf-tools/pdf';
import type { Source } from '../source.js';

interface Placing {
  /** Number of the root in the target. */
  readonly root: TargetObjectNumber;
  /** The language of elements without their own (ISO 32000-2, 14.9.2), as Latin-1 text. */
  readonly language: string | undefined;
}

/** Prepares the top elements of a source's structure tree for the new root. Each element occurs once. */
export function placeTopElements({ file, copier }: Source, kids: PdfArray, placing: Placing): PdfArray {
  const [top, seen]: [PdfArray, Set<SourceObjectNumber>] = [[], new Set()];
  const root = file.catalog.get('StructTreeRoot');
  const rootNum = root instanceof PdfRef ? root.num : NO_OBJECT;
  for (const kid of kids) {
    const num = kid instanceof PdfRef ? kid.num : NO_OBJECT;
    if (seen.has(num)) continue;
    if (num !== NO_OBJECT) seen.add(num);
    const element = num === NO_OBJECT ? file.resolve(kid) : copier.current(num);
    if (!(element instanceof PdfDict) || !element.has('S')) continue;
    const placed = placedElement(element, rootNum, placing);
    top.push(num === NO_OBJECT ? placed : kid);
    if (num !== NO_OBJECT && placed !== element) copier.override(num, placed);
  }
  return top;
}

/** The element with the new root as its parent and an explicit language, or the same element if it needs no change. */
function placedElement(element: PdfDict, oldRoot: SourceObjectNumber, { root, language }: Placing): PdfDict {
  const parent = element.get('P');
  const fits = parent instanceof PdfRef && parent.num === oldRoot;
  const speaks = language === undefined || element.has('Lang');
  if (fits && speaks) return element;
  const placed = new PdfDict(element).set('P', new TargetRef(root));
  return speaks ? placed : placed.set('Lang', PdfString.latin1(language));
}

/** The language of a document as Latin-1 text. */
export function languageOf(file: PdfFile): string | undefined {
  const language = file.catalogEntry('Lang');
  return language instanceof PdfString ? language.bytes.toString('latin1') : undefined;
}
