import { hashOf, isArray } from '../graph.js';
import type { Dict, Graph, Value } from '../graph.js';

export interface FileFacts {
  readonly name: string;
  readonly hash: string;
}

export interface AttachmentFacts {
  readonly embedded: readonly (FileFacts & { readonly key: string })[];
  readonly pinned: readonly (FileFacts & { readonly page: number })[];
  /** Associated files of the document. */
  readonly associated: readonly FileFacts[];
  readonly associatedWithPages: readonly (FileFacts & { readonly page: number })[];
}

/** Embedded files by every way that leads to them (ISO 32000-2, 7.11.4 and 14.13). */
export function readAttachments(graph: Graph): AttachmentFacts {
  const names = graph.dict(graph.root['/Names']);
  return {
    embedded: graph.tree(names['/EmbeddedFiles'], '/Names').map(([key, value]) => ({
      key: graph.text(key) ?? '',
      ...fileOf(graph, value),
    })),
    pinned: graph.pages.flatMap(({ dict }, page) =>
      graph.array(dict['/Annots']).flatMap((annot) => {
        const entries = graph.dict(annot);
        return entries['/Subtype'] === '/FileAttachment' ? [{ page, ...fileOf(graph, entries['/FS']) }] : [];
      }),
    ),
    associated: filesOf(graph, graph.root),
    associatedWithPages: graph.pages.flatMap(({ dict }, page) =>
      filesOf(graph, dict).map((file) => ({ page, ...file })),
    ),
  };
}

function filesOf(graph: Graph, owner: Dict): FileFacts[] {
  const files = graph.resolve(owner['/AF']);
  return isArray(files) ? files.map((file) => fileOf(graph, file)) : [];
}

function fileOf(graph: Graph, value: Value | undefined): FileFacts {
  const file = graph.dict(value);
  const bytes = graph.bytes(graph.dict(file['/EF'])['/F']);
  return { name: graph.text(file['/UF'] ?? file['/F']) ?? '', hash: bytes ? hashOf(bytes) : 'no content' };
}
