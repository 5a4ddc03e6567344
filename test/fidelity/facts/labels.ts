import type { Dict, Graph } from '../graph.js';

const ROMAN: readonly [string, number][] = [
  ['m', 1000],
  ['cm', 900],
  ['d', 500],
  ['cd', 400],
  ['c', 100],
  ['xc', 90],
  ['l', 50],
  ['xl', 40],
  ['x', 10],
  ['ix', 9],
  ['v', 5],
  ['iv', 4],
  ['i', 1],
];

/** Returns the label of each page (ISO 32000-2, 12.4.2), or its number if the document has no labels. */
export function readLabels(graph: Graph): string[] {
  const ranges = graph.tree(graph.root['/PageLabels'], '/Nums').map(([key, value]) => ({
    first: graph.number(key) ?? 0,
    dict: graph.dict(value),
  }));
  return graph.pages.map((_, page) => {
    const range = ranges.filter(({ first }) => first <= page).at(-1);
    return range ? labelOf(graph, range.dict, page - range.first) : String(page + 1);
  });
}

function labelOf(graph: Graph, dict: Dict, offset: number): string {
  const number = (graph.number(dict['/St']) ?? 1) + offset;
  return `${graph.text(dict['/P']) ?? ''}${NUMERALS[graph.name(dict['/S']) ?? '']?.(number) ?? ''}`;
}

const NUMERALS: Readonly<Record<string, (number: number) => string>> = {
  D: String,
  r: roman,
  R: (number) => roman(number).toUpperCase(),
  a: letters,
  A: (number) => letters(number).toUpperCase(),
};

/** a to z, then aa to zz. */
function letters(number: number): string {
  return String.fromCharCode(97 + ((number - 1) % 26)).repeat(Math.ceil(number / 26));
}

function roman(number: number): string {
  let [rest, written] = [number, ''];
  for (const [numeral, worth] of ROMAN) {
    while (rest >= worth) {
      written += numeral;
      rest -= worth;
    }
  }
  return written;
}
