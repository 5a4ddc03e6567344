import type { PDFRef } from 'pdf-lib';
import { pageAt, register, registerStream, text, tree, twoNames } from './draft.js';
import type { Draft } from './draft.js';

/** Embedded files in the name tree, as annotations and as associated files (ISO 32000-2, 7.11.4, 12.5.6.15, 14.13). */
export function addAttachments(draft: Draft): void {
  const { context, catalog, names } = draft;
  const [notes, ownNotes] = twoNames(draft, 'notes');
  const files = [notes, ownNotes].map((name) => addFile(draft, `${name}.txt`));
  names.EmbeddedFiles = tree(
    draft,
    'Names',
    [notes, ownNotes].flatMap((name, n) => {
      const file = files[n];
      return file ? [[`${name}.txt`, file] as const] : [];
    }),
  );
  for (const [n, name] of twoNames(draft, 'pinned').entries()) {
    const FS = addFile(draft, `${name}.txt`);
    pageAt(draft, 1 + 2 * n).annotate({ Subtype: 'FileAttachment', Rect: [400, 700, 420, 720], FS, Name: 'PushPin' });
  }
  catalog.set('AF', context.obj([addFile(draft, 'source.txt', 'Source')]));
  pageAt(draft, 2).set('AF', context.obj([addFile(draft, `source-${draft.label}.txt`, 'Data')]));
}

function addFile(draft: Draft, name: string, relationship = 'Unspecified'): PDFRef {
  const content = `${draft.label}: content of ${name}`;
  const params = { Size: content.length };
  const F = registerStream(draft, content, { Type: 'EmbeddedFile', Subtype: 'text/plain', Params: params });
  const entries = { F: text(name), UF: text(name), EF: { F, UF: F }, AFRelationship: relationship };
  return register(draft, { Type: 'Filespec', ...entries });
}
