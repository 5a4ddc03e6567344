import type { PdfArray, PdfFile, PdfObject } from '@pdf-tools/pdf';
import { PdfDict, PdfRef, TargetRef, isInteger, isName } from '@pdf-tools/pdf';

/** The kinds of values in an element's /K (ISO 32000-2, 14.7.2 and 14.7.5). */
export type KidKind = 'element' | 'marked content' | 'object';

/** The kind of a kid, by its /Type or, because /Type is often missing, by its entries. Undefined if it is invalid. */
export function kindOf(kid: PdfObject): KidKind | undefined {
  if (isInteger(kid)) return 'marked content';
  if (!(kid instanceof PdfDict)) return undefined;
  const type = kid.get('Type');
  if (isName(type, 'MCR') || (!kid.has('S') && kid.has('MCID'))) return 'marked content';
  if (isName(type, 'OBJR') || (!kid.has('S') && kid.has('Obj'))) return 'object';
  return 'element';
}

/** The kids of an element or of the root. /K is a kid or an array of kids. */
export function kidsOf(file: PdfFile, dict: PdfDict): PdfArray {
  const kids = dict.get('K') ?? null;
  const resolved = file.resolve(kids);
  if (Array.isArray(resolved)) return resolved;
  return resolved === null ? [] : [kids];
}

/** Whether any dictionary is a structure element (table 355). Its /Type may be missing. */
export function isElement(dict: PdfDict): boolean {
  const type = dict.get('Type');
  if (type !== undefined && !isName(type, 'StructElem')) return false;
  const parent = dict.get('P');
  // A top element may already refer to the root of the target.
  const hasParent = parent instanceof PdfRef || parent instanceof TargetRef;
  return hasParent && dict.has('S') && !dict.has('Subtype');
}
