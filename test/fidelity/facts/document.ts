import { hashOf } from '../graph.js';
import type { Graph, Value } from '../graph.js';
import { targetOf } from './destinations.js';

export interface PageFacts {
  /** Text that names the page, such as "A page 1". */
  readonly mark: string;
  readonly geometry: string;
  readonly transition: string;
  readonly content: string;
  readonly resources: string;
}

interface ThreadFacts {
  readonly title: string;
  readonly pages: readonly (number | undefined)[];
  /** Whether the chain of beads is complete in both directions, and each page names its bead. */
  readonly whole: boolean;
}

export interface DocumentFacts {
  readonly lang: string | undefined;
  readonly title: string | undefined;
  readonly viewer: string;
  readonly layout: string;
  readonly metadata: string;
  readonly opensAt: number | undefined;
  /** Condition and profile of each output intent. */
  readonly intents: readonly string[];
  readonly scripts: readonly { readonly key: string; readonly script: string }[];
  readonly threads: readonly ThreadFacts[];
}

const BOXES = ['/MediaBox', '/CropBox', '/Rotate', '/UserUnit'];
const MAX_BEADS = 10_000;

export function readPages(graph: Graph): PageFacts[] {
  return graph.pages.map((page) => {
    const { dict, get } = page;
    const text = graph.contentOf(page);
    return {
      mark: /\((\S+ page \d+)\)/.exec(text.toString('latin1'))?.[1] ?? '',
      geometry: JSON.stringify(BOXES.map((key) => get(key))),
      transition: JSON.stringify([graph.content(dict['/Trans']), graph.content(dict['/Dur'])]),
      content: hashOf(Buffer.from(text.toString('latin1').trimEnd())),
      resources: JSON.stringify(graph.content(get('/Resources'))),
    };
  });
}

export function readDocument(graph: Graph): DocumentFacts {
  const { root } = graph;
  const names = graph.dict(root['/Names']);
  const action = graph.dict(root['/OpenAction']);
  return {
    lang: graph.text(root['/Lang']),
    title: graph.text(graph.dict(graph.trailer['/Info'])['/Title']),
    viewer: JSON.stringify(graph.content(root['/ViewerPreferences'])),
    layout: [graph.name(root['/PageLayout']), graph.name(root['/PageMode'])].join(' '),
    metadata: graph.bytes(root['/Metadata'])?.toString() ?? '',
    opensAt: targetOf(graph, action['/D'] ?? root['/OpenAction']),
    intents: graph.array(root['/OutputIntents']).map((intent) => JSON.stringify(graph.content(intent))),
    scripts: graph.tree(names['/JavaScript'], '/Names').map(([key, value]) => ({
      key: graph.text(key) ?? '',
      script: graph.text(graph.dict(value)['/JS']) ?? '',
    })),
    threads: graph.array(root['/Threads']).map((thread) => threadOf(graph, thread)),
  };
}

/** Follows the beads of a thread once around (ISO 32000-2, 12.4.3). */
function threadOf(graph: Graph, thread: Value): ThreadFacts {
  const { '/F': first = null, '/I': info } = graph.dict(thread);
  const beads: Value[] = [];
  let bead = first;
  while (bead !== null && !beads.includes(bead) && beads.length < MAX_BEADS) {
    beads.push(bead);
    bead = graph.dict(bead)['/N'] ?? null;
  }
  return {
    title: graph.text(graph.dict(info)['/Title']) ?? '',
    pages: beads.map((each) => graph.pageIndex(graph.dict(each)['/P'])),
    whole: bead === first && beads.every((each) => isWhole(graph, each)),
  };
}

/** Whether the neighbours and the page of a bead refer to it. */
function isWhole(graph: Graph, bead: Value): boolean {
  const { '/P': page, '/N': next, '/V': previous } = graph.dict(bead);
  const onPage = graph.array(graph.dict(page)['/B']);
  return onPage.includes(bead) && graph.dict(next)['/V'] === bead && graph.dict(previous)['/N'] === bead;
}
