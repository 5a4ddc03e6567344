import type { Facts } from '../fidelity/facts/facts.js';
import { factsOfGraph } from '../fidelity/facts/facts.js';
import type { OutlineItem } from '../fidelity/facts/outline.js';
import { Graph, hashOf } from '../fidelity/graph.js';

/** Lines that describe a document, by feature. A line of an input that its result lacks is damage. */
export type Features = Readonly<Record<string, readonly string[]>>;

/** Digits after the point that a rewritten number keeps. */
const DIGITS = 2;
const REAL = /-?\d+\.\d+(?:e[+-]?\d+)?/gi;
/** What a writer may set: its name, the time, and the claim of a standard that the result no longer meets. */
const WRITERS_OWN =
  /<(pdf:Producer|xmp:ModifyDate|xmp:MetadataDate|pdfaid:\w+)>[^<]*<\/\1>|(pdf:Producer|xmp:ModifyDate|xmp:MetadataDate|pdfaid:\w+)="[^"]*"|\s+/g;
const MAX_LINE = 2_000;

/** Returns a document's features as qpdf finds them; null if qpdf cannot read the file. */
export async function featuresOf(path: string): Promise<Features | null> {
  const graph = await Graph.read(path).catch(() => null);
  return graph && linesOf(graph, factsOfGraph(graph));
}

/** Returns the lines of the input that the result lacks, as "feature: line". */
export function featuresLost(before: Features, after: Features): string[] {
  return Object.entries(before).flatMap(([feature, lines]) => {
    const left = new Map<string, number>();
    for (const line of after[feature] ?? []) left.set(line, (left.get(line) ?? 0) + 1);
    return lines.flatMap((line) => {
      const count = left.get(line) ?? 0;
      left.set(line, count - 1);
      return count > 0 ? [] : [`${feature}: ${line}`];
    });
  });
}

function linesOf(graph: Graph, facts: Facts): Features {
  const { form, tags, layers, attachments, document } = facts;
  const lines: Record<string, readonly string[]> = {
    outline: outlineLines(facts.outline),
    'named destination': facts.destinations.map(({ name, style, page }) => `${style} "${name}" on page ${page}`),
    link: facts.links.map(({ page, rect, target, uri }) => `page ${page} [${rect}] to ${uri ?? target}`),
    annotation: annotationLines(graph),
    'form field': form.fields.map((field) => JSON.stringify(field)),
    calculation: form.calculation,
    'page label': facts.labels,
    attachment: attachments.embedded.map(({ key, name, hash }) => `${key} ${name} ${hash}`),
    'attached annotation': attachments.pinned.map(({ page, name, hash }) => `page ${page} ${name} ${hash}`),
    'associated file': [
      ...attachments.associated.map(({ name, hash }) => `${name} ${hash}`),
      ...attachments.associatedWithPages.map(({ page, name, hash }) => `page ${page} ${name} ${hash}`),
    ],
    tag: tags.leaves.map((leaf) => JSON.stringify(leaf)),
    'marked content': [String(tags.marked)],
    layer: layers.groups.map((group) => JSON.stringify(group)),
    'layer order': layers.order,
    'layer radio group': layers.radio,
    'layer of a page': layers.used.flatMap((used, page) => used.map((line) => `page ${page} ${line}`)),
    'page box': pageLines(graph),
    'output intent': document.intents,
    script: document.scripts.map(({ key, script }) => `${key} ${script}`),
    thread: document.threads.map(({ title, pages }) => `${title} ${pages.join()}`),
    'whole thread': document.threads.flatMap(({ title, whole }) => (whole ? [title] : [])),
    metadata: document.metadata === '' ? [] : [document.metadata.replace(WRITERS_OWN, '')],
    information: informationLines(graph),
    document: [
      `language ${document.lang}`,
      `layout ${document.layout}`,
      `viewer ${document.viewer}`,
      `opens at ${document.opensAt}`,
    ],
  };
  return Object.fromEntries(Object.entries(lines).map(([feature, each]) => [feature, each.map(normalized)]));
}

function outlineLines(items: readonly OutlineItem[], level = 0): string[] {
  return items.flatMap(({ title, page, leads, style, open, items: below }) => [
    `level ${level} "${title}" to ${page} ${leads ? 'leads' : ''} ${style} ${open ? 'open' : ''}`,
    ...outlineLines(below, level + 1),
  ]);
}

/** Boxes, rotation and transition of each page; entries that say the default count as missing ones (ISO 32000-2, 7.7.3.3). */
function pageLines(graph: Graph): string[] {
  return graph.pages.map(({ dict, get }, page) => {
    const media = graph.numbers(get('/MediaBox'));
    const crop = graph.numbers(get('/CropBox')) || media;
    const rotation = (((graph.number(get('/Rotate')) ?? 0) % 360) + 360) % 360;
    const unit = graph.number(dict['/UserUnit']) ?? 1;
    const transition = JSON.stringify([graph.content(dict['/Trans']), graph.content(dict['/Dur'])]);
    return `page ${page} [${media}] [${crop}] rotated by ${rotation} unit ${unit} ${transition}`;
  });
}

function annotationLines(graph: Graph): string[] {
  return graph.pages.flatMap(({ dict }, page) =>
    graph.array(dict['/Annots']).flatMap((value) => {
      const annotation = graph.dict(value);
      const subtype = graph.name(annotation['/Subtype']);
      const text = graph.text(annotation['/Contents']) ?? '';
      const flags = graph.number(annotation['/F']) ?? 0;
      return subtype === undefined
        ? []
        : [`page ${page} ${subtype} [${graph.numbers(annotation['/Rect'])}] ${flags} ${text}`];
    }),
  );
}

function informationLines(graph: Graph): string[] {
  return Object.entries(graph.dict(graph.trailer['/Info'])).flatMap(([key, value]) => {
    const text = graph.text(value);
    return key === '/Producer' || key === '/ModDate' || text === undefined ? [] : [`${key} ${text}`];
  });
}

/** Numbers are rounded, because a writer may write fewer digits. */
function normalized(line: string): string {
  const rounded = line.replace(REAL, (number) => String(Number(Number(number).toFixed(DIGITS))));
  return rounded.length > MAX_LINE ? `${rounded.slice(0, MAX_LINE)} ${hashOf(Buffer.from(rounded))}` : rounded;
}
