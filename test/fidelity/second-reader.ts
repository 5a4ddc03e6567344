import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { Facts } from './facts/facts.js';
import type { OutlineItem } from './facts/outline.js';
import type { Source } from './source.js';
import { without } from './source.js';

/** What pdf.js finds in a document, in lines to compare. Pages count from 0, and -1 means none. */
export interface Seen {
  readonly outline: readonly string[];
  /** Null for a document without labels. */
  readonly labels: readonly string[] | null;
  /** Hashes of the contents. */
  readonly attachments: readonly string[];
  readonly fields: readonly string[];
  readonly links: readonly string[];
  readonly layers: readonly string[];
  /** For each page, roles with text. */
  readonly tags: readonly (readonly string[])[];
}

const READER = fileURLToPath(new URL('./pdfjs-reader.js', import.meta.url));
const LIMITS = { timeout: 30_000, maxBuffer: 64 * 2 ** 20 };

/** Reads files with pdf.js in a process of its own. */
export async function seeWithPdfJs(paths: readonly string[]): Promise<Seen[]> {
  const { stdout } = await promisify(execFile)(process.execPath, [READER, ...paths], LIMITS);
  return JSON.parse(stdout) as Seen[];
}

/** Returns the lists of pdf.js that differ from those of the objects, by column. */
export const DISAGREEMENTS = {
  outlines: ({ outline }, seen) => difference(outlineLines(outline), seen.outline),
  fields: ({ form }, seen) =>
    difference(
      form.fields.flatMap(({ name, pages }) => pages.map((page) => `${name} on ${page ?? -1}`)),
      seen.fields,
    ),
  destinations: ({ links }, seen) =>
    difference(
      links.map(({ page, target, uri }) => `${page} to ${uri ?? target ?? -1}`),
      seen.links,
    ),
  labels: ({ labels }, seen) => (seen.labels === null ? ['no labels'] : difference(labels, seen.labels)),
  attachments: ({ attachments }, seen) =>
    difference(
      attachments.embedded.map(({ hash }) => hash),
      seen.attachments,
    ),
  layers: ({ layers }, seen) =>
    difference(
      layers.groups.map(({ name, visible }) => `${name} ${visible ? 'shown' : 'hidden'}`),
      seen.layers,
    ),
} satisfies Record<string, (facts: Facts, seen: Seen) => string[]>;

/** Returns the tagged text that pdf.js finds in the files, but not in the result or not on its page. */
export function tagsUnseen(sources: readonly (Source & { readonly seen: Seen })[], { tags }: Seen): string[] {
  const wanted = sources.flatMap(({ seen, kept }) => kept.map((page) => seen.tags[page] ?? []));
  return wanted.flatMap((lines, page) => {
    const texts = lines.filter((line) => !line.endsWith(': annotation'));
    return without(texts, tags[page] ?? []).map((line) => `pdf.js does not see "${line}" on page ${page + 1}`);
  });
}

function outlineLines(items: readonly OutlineItem[]): string[] {
  return items.flatMap(({ title, page, items: below }) => [`${title} at ${page ?? -1}`, ...outlineLines(below)]);
}

function difference(written: readonly string[], seen: readonly string[]): string[] {
  return [
    ...without(written, seen).map((line) => `pdf.js does not see ${line}`),
    ...without(seen, written).map((line) => `pdf.js alone sees ${line}`),
  ];
}
