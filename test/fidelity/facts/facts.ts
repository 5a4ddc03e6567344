import { Graph } from '../graph.js';
import { readAttachments } from './attachments.js';
import { readLinks, readNamedDestinations } from './destinations.js';
import { readDocument, readPages } from './document.js';
import { readForm } from './fields.js';
import { readLabels } from './labels.js';
import { readLayers } from './layers.js';
import { readOutline } from './outline.js';
import { readTags } from './tags.js';

export type Facts = ReturnType<typeof factsOfGraph>;

/** Facts about a document, found in the objects as qpdf reads them. Page numbers count from 0. */
export async function readFacts(path: string): Promise<Facts> {
  return factsOfGraph(await Graph.read(path));
}

/** Returns the same of a document that is already read. */
export function factsOfGraph(graph: Graph) {
  return {
    pages: readPages(graph),
    outline: readOutline(graph),
    form: readForm(graph),
    destinations: readNamedDestinations(graph),
    links: readLinks(graph),
    labels: readLabels(graph),
    attachments: readAttachments(graph),
    tags: readTags(graph),
    layers: readLayers(graph),
    document: readDocument(graph),
    danglers: graph.danglers(),
  };
}
