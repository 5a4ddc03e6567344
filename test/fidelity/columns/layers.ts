import type { Facts } from '../facts/facts.js';
import type { GroupFacts } from '../facts/layers.js';
import { isWhole, without } from '../source.js';
import type { Source } from '../source.js';

/** Compares every layer of the pages taken, with its state, its place in the order and its radio-button group. */
export function layersMissing(sources: readonly Source[], { layers }: Facts): string[] {
  const groups = sources.flatMap((source) => groupsOf(source).map(describe));
  const used = sources.flatMap(({ facts, kept }) => kept.map((page) => facts.layers.used[page] ?? []));
  const order = sources.flatMap((source) => (isWhole(source) ? source.facts.layers.order : []));
  const radio = sources.flatMap((source) => (isWhole(source) ? source.facts.layers.radio : []));
  return [
    ...without(groups, layers.groups.map(describe)),
    ...used.flatMap((lines, page) =>
      without(lines, layers.used[page] ?? []).map((line) => `${line} on page ${page + 1}`),
    ),
    ...(isIn(order, layers.order) ? [] : [`order ${order.join('; ')}`]),
    ...without(radio, layers.radio).map((names) => `radio-button group ${names}`),
    ...layers.unlisted.map((line) => `${line} is used, but not listed`),
  ];
}

/** All of a document that was taken whole, else those in use. */
function groupsOf(source: Source): GroupFacts[] {
  const { groups, used } = source.facts.layers;
  const lines = source.kept.flatMap((page) => used[page] ?? []);
  return groups.filter(({ name }) => isWhole(source) || lines.some((line) => line.includes(`: ${name} `)));
}

function describe({ name, visible, locked }: GroupFacts): string {
  return `${name} ${visible ? 'shown' : 'hidden'}${locked ? ' locked' : ''}`;
}

/** In this order, each perhaps below a heading of its file and with others between them. */
function isIn(wanted: readonly string[], found: readonly string[]): boolean {
  let next = 0;
  return wanted.every((line) => {
    const at = found.findIndex((each, index) => index >= next && ` > ${each}`.endsWith(` > ${line}`));
    next = at + 1;
    return at !== -1;
  });
}
