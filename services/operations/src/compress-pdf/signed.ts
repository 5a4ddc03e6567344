import type { PdfFile, Signatures, SourceObjectNumber } from '@pdf-tools/pdf';
import { PdfDict, PdfRef } from '@pdf-tools/pdf';
import type { Changes } from './changes.js';

/** A signature field exists (ISO 32000-2, 12.7.3, table 225). The other flag, for append-only files, is cleared. */
const SIGNATURES_EXIST = 1;

export function isSigned({ fields, permissions }: Signatures): boolean {
  return fields.length > 0 || permissions;
}

/**
 * Removes signature values, which any change invalidates. The fields stay and can be signed again. Also removes
 * validation data (/DSS, 12.8.4.3) and signed permissions.
 */
export function clearSignatures(file: PdfFile, { fields }: Signatures, changes: Changes): void {
  for (const num of fields) {
    const field = file.load(num);
    if (!(field instanceof PdfDict)) continue;
    for (const holder of valueHolders(file, num, field)) {
      const changed = new PdfDict(holder.dict);
      changed.delete('V');
      changes.replace(holder.num, changed);
    }
  }
  const root = file.trailer.get('Root');
  if (!(root instanceof PdfRef)) return;
  const catalog = new PdfDict(file.catalog);
  catalog.delete('Perms');
  catalog.delete('DSS');
  const form = catalog.get('AcroForm');
  const flags = PdfDict.of({ SigFlags: fields.length > 0 ? SIGNATURES_EXIST : undefined });
  const dict = file.resolve(form);
  if (dict instanceof PdfDict) {
    const changed = new PdfDict([...dict, ...flags]);
    if (form instanceof PdfRef) changes.replace(form.num, changed);
    else catalog.set('AcroForm', changed);
  }
  changes.replace(root.num, catalog);
}

/** The field, and the parent that it inherits its value from. */
function* valueHolders(
  file: PdfFile,
  num: SourceObjectNumber,
  field: PdfDict,
): Generator<{ num: SourceObjectNumber; dict: PdfDict }> {
  yield { num, dict: field };
  const parent = field.get('Parent');
  if (field.has('V') || !(parent instanceof PdfRef)) return;
  const dict = file.resolve(parent);
  if (dict instanceof PdfDict && dict.has('V')) yield { num: parent.num, dict };
}
