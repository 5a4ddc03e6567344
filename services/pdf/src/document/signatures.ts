import type { PdfFile } from '../file/pdf-file.js';
import { MAX_NESTING } from '../limits.js';
import { PdfDict, isName } from '../syntax/objects.js';
import type { PdfObject } from '../syntax/objects.js';
import { annotationsOf, readFields } from './field-tree.js';
import { pageDict } from './page-tree.js';
import type { PageTree } from './page-tree.js';
import type { SourceObjectNumber } from '../syntax/object-numbers.js';

/** The signatures of a document (ISO 32000-2, 12.8). */
export interface Signatures {
  /** Object numbers of the signature fields with a value. */
  readonly fields: readonly SourceObjectNumber[];
  /** Whether the catalog's /Perms holds a certification or a usage rights signature. */
  readonly permissions: boolean;
}

/** Finds signatures in the form, in widgets that the form does not list, and in the catalog's /Perms (table 263). */
export function findSignatures(file: PdfFile, tree: PageTree): Signatures {
  const form = file.catalogEntry('AcroForm');
  const fields = new Set<SourceObjectNumber>();
  if (form instanceof PdfDict) {
    for (const { num, dict, type } of readFields(file, form))
      if (type === 'Sig' && isSignature(file, dict.get('V'))) fields.add(num);
  }
  for (const entry of tree.pages) {
    for (const num of annotationsOf(file, pageDict(file, entry))) {
      const widget = file.load(num);
      if (widget instanceof PdfDict && isSigned(file, widget)) fields.add(num);
    }
  }
  const perms = file.catalogEntry('Perms');
  const permissions =
    perms instanceof PdfDict && ['DocMDP', 'UR', 'UR3'].some((key) => isSignature(file, perms.get(key)));
  return { fields: [...fields], permissions };
}

/** The type and value of a field may be inherited (12.7.4). */
function isSigned(file: PdfFile, widget: PdfDict): boolean {
  if (!isName(file.resolve(widget.get('Subtype')), 'Widget')) return false;
  return isName(inherited(file, widget, 'FT'), 'Sig') && isSignature(file, inherited(file, widget, 'V'));
}

function inherited(file: PdfFile, field: PdfDict, key: string): PdfObject {
  let node: PdfObject = field;
  for (let depth = 0; node instanceof PdfDict && depth < MAX_NESTING; depth++) {
    const value = file.resolve(node.get(key));
    if (value !== null) return value;
    node = file.resolve(node.get('Parent'));
  }
  return null;
}

/** Whether a value is a signature dictionary (table 255). Cleared fields may have an empty one. */
function isSignature(file: PdfFile, value: PdfObject | undefined): boolean {
  const dict = file.resolve(value);
  return dict instanceof PdfDict && (dict.has('ByteRange') || dict.has('Contents'));
}
