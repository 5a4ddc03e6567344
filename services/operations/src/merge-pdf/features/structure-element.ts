import type { PdfArray, PdfFile, PdfObject } from '@pdf-tools/pdf';
import { PdfDict, PdfRef, TargetRef, isInteger, isName } from '@pdf-tools/pdf';

/** What may stand in the /K of a structure element (ISO 32000-2, 14.7.2 and 14.7.5). */
export type KidKind = 'element' | 'marked content' | 'object';

/** What a kid is, by its /Type or, as that is often left out, by its entries; undefined for what is none. */
export function kindOf(kid: PdfObject): KidKind | undefined {
  if (isInteger(kid)) return 'marked content';
  if (!(kid instanceof PdfDict)) return undefined;
  const type = kid.get('Type');
  if (isName(type, 'MCR') || (!kid.has('S') && kid.has('MCID'))) return 'marked content';
  if (isName(type, 'OBJR') || (!kid.has('S') && kid.has('Obj'))) return 'object';
  return 'element';
}

/** The kids of an element or of the root: /K is one of them, or an array. */
export function kidsOf(file: PdfFile, dict: PdfDict): PdfArray {
  const kids = dict.get('K') ?? null;
  const resolved = file.resolve(kids);
  if (Array.isArray(resolved)) return resolved;
  return resolved === null ? [] : [kids];
}

/** True for a structure element (table 355) among dictionaries of all sorts: its /Type may be left out. */
export function isElement(dict: PdfDict): boolean {
  const type = dict.get('Type');
  if (type !== undefined && !isName(type, 'StructElem')) return false;
  const parent = dict.get('P');
  // An element at the top of the tree may refer to the root of the target already.
  const hasParent = parent instanceof PdfRef || parent instanceof TargetRef;
  return hasParent && dict.has('S') && !dict.has('Subtype');
}
