import { hash } from 'node:crypto';
import type { PdfFile, PdfObject } from '@pdf-tools/pdf';
import { PdfDict, PdfStream, serialize } from '@pdf-tools/pdf';

/** The keys of the output intents of a document (ISO 32000-2, 14.11.5). */
export function outputIntentKeys(file: PdfFile): string[] {
  const intents = file.catalogEntry('OutputIntents');
  return Array.isArray(intents) ? intents.map((intent) => outputIntentKey(file, intent)) : [];
}

/** A key that is equal for output intents with the same kind, condition and profile, also across files. */
export function outputIntentKey(file: PdfFile, value: PdfObject): string {
  const intent = file.resolve(value);
  if (!(intent instanceof PdfDict)) return serialize(intent);
  const profile = file.resolve(intent.get('DestOutputProfile'));
  const digest = profile instanceof PdfStream ? hash('sha256', file.decoded(profile).bytes, 'base64') : '';
  return [file.resolve(intent.get('S')), file.resolve(intent.get('OutputConditionIdentifier'))]
    .map((entry) => serialize(entry))
    .concat(digest)
    .join(' ');
}
