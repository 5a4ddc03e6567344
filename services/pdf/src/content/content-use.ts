import type { PdfFile } from '../file/pdf-file.js';
import type { SourceObjectNumber } from '../syntax/object-numbers.js';
import { NO_OBJECT } from '../syntax/object-numbers.js';
import type { PdfObject } from '../syntax/objects.js';
import { largestSquare } from './matrix.js';
import type { Placement } from './minimal/state-stack.js';
import type { Resources } from './resources.js';
import type { StreamContent } from './stream-content.js';

/** Content of a document, and where it is drawn. */
export interface ContentUse {
  /** The object number of the stream. `NO_OBJECT` for the content of pages. */
  readonly num: SourceObjectNumber;
  /** The pages that have this content, counted from 1. Empty for other content. */
  readonly pages: readonly number[];
  readonly placement: Placement;
  /** The dictionaries in which it looks up names. */
  readonly resources: readonly Resources[];
}

/** Describes the content that was read: of pages, and of streams with a number of their own. */
export function describeContent(
  pages: readonly (StreamContent | undefined)[],
  streams: Iterable<StreamContent>,
): ContentUse[] {
  const byContent = new Map<StreamContent, number[]>();
  for (const [index, content] of pages.entries()) {
    if (!content) continue;
    const numbers = byContent.get(content);
    if (numbers) numbers.push(index + 1);
    else byContent.set(content, [index + 1]);
  }
  return [
    ...Array.from(byContent, ([content, numbers]) => useOf(content, numbers)),
    ...Array.from(streams, (content) => useOf(content, [])),
  ];
}

function useOf(content: StreamContent, pages: readonly number[]): ContentUse {
  const isPage = content.num === NO_OBJECT;
  const points = Math.sqrt(Math.max(0, ...content.scales.scales.map(largestSquare)));
  return {
    num: content.num,
    pages,
    placement: { points, reach: content.reach, isPage },
    resources: resourcesOf(content),
  };
}

function resourcesOf({ own, needsCaller, callers }: StreamContent): readonly Resources[] {
  const called = own && !needsCaller ? [] : [...callers.values()];
  const known = called.filter((resources) => resources !== undefined);
  return [...(own ? [own] : []), ...known];
}

/** The largest coordinate of a rectangle (ISO 32000-2, 7.9.5). Undefined if it is malformed. */
export function reachOf(file: PdfFile, rectangle: PdfObject | undefined): number | undefined {
  const corners = file.resolve(rectangle);
  if (!Array.isArray(corners) || corners.length < 4) return undefined;
  const [left, bottom, right, top] = corners.map((corner) => file.resolve(corner));
  if (typeof left !== 'number' || typeof bottom !== 'number') return undefined;
  if (typeof right !== 'number' || typeof top !== 'number') return undefined;
  return Math.hypot(Math.max(Math.abs(left), Math.abs(right)), Math.max(Math.abs(bottom), Math.abs(top)));
}
