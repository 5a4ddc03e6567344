import { PDFName } from 'pdf-lib';
import type { PDFObject, PDFDict } from 'pdf-lib';

/**
 * What a catalog entry is called in the report, and when it is carried over: from the first file, or from the only file
 * that has it, since two of them cannot lie side by side yet.
 */
interface Entry {
  readonly key: string;
  readonly label: string;
  readonly from: 'first' | 'only';
}

/** The entries of ISO 32000-2, table 29, that mean something beyond one page. */
const ENTRIES: readonly Entry[] = [
  { key: 'AcroForm', label: 'form fields', from: 'only' },
  { key: 'Outlines', label: 'outlines', from: 'only' },
  { key: 'Names', label: 'named destinations and attachments', from: 'only' },
  { key: 'Dests', label: 'named destinations', from: 'only' },
  { key: 'OCProperties', label: 'layers', from: 'only' },
  { key: 'StructTreeRoot', label: 'tags', from: 'only' },
  { key: 'MarkInfo', label: 'tags', from: 'only' },
  { key: 'OutputIntents', label: 'output intents', from: 'only' },
  { key: 'Threads', label: 'article threads', from: 'only' },
  { key: 'PageLabels', label: 'page labels', from: 'first' },
  { key: 'Lang', label: 'language', from: 'first' },
  { key: 'Metadata', label: 'metadata', from: 'first' },
  { key: 'ViewerPreferences', label: 'viewer preferences', from: 'first' },
  { key: 'PageMode', label: 'page mode', from: 'first' },
  { key: 'PageLayout', label: 'page layout', from: 'first' },
  { key: 'OpenAction', label: 'open action', from: 'first' },
];

/** A catalog with the way to copy its values into the merged document. */
export interface CatalogSource {
  readonly catalog: PDFDict;
  readonly copy: (object: PDFObject) => PDFObject;
}

/** Carries catalog entries into the merged catalog. Returns for each source the labels of what it lost. */
export function mergeCatalogs(target: PDFDict, sources: readonly CatalogSource[]): string[][] {
  const lost = sources.map(() => new Set<string>());
  for (const { key, label, from } of ENTRIES) {
    const name = PDFName.of(key);
    const owners = sources.flatMap((source, index) => (source.catalog.has(name) ? [index] : []));
    const keeper = from === 'first' ? 0 : owners.length === 1 ? owners[0] : undefined;
    for (const owner of owners) {
      if (owner === keeper) keep(target, name, sources[owner]);
      else lost[owner]?.add(label);
    }
  }
  return lost.map((labels) => [...labels]);
}

function keep(target: PDFDict, name: PDFName, source: CatalogSource | undefined): void {
  const value = source?.catalog.get(name);
  if (source && value) target.set(name, source.copy(value));
}
