import { PDFArray, PDFDict, PDFName, PDFNumber, PDFRef } from 'pdf-lib';
import type { PDFContext, PDFObject } from 'pdf-lib';
import { Fault } from '../fault.js';
import { MAX_NESTING, MAX_PAGES } from './limits.js';

/** Attributes that a page takes from its ancestors where it has none itself (ISO 32000-2, table 31). */
const INHERITABLE = ['Resources', 'MediaBox', 'CropBox', 'Rotate'].map((name) => PDFName.of(name));

/** US Letter, which viewers assume for a page without a media box. */
const DEFAULT_BOX = [0, 0, 612, 792];

const KIDS = PDFName.of('Kids');
const TYPE = PDFName.of('Type');
const PAGE = PDFName.of('Page');

/** A page with its inherited attributes filled in. `ref` is where the document holds it; damaged files have direct ones. */
export interface Page {
  readonly ref: PDFRef | undefined;
  readonly dict: PDFDict;
  readonly attributes: ReadonlyMap<PDFName, PDFObject>;
}

/** The pages in order, and all nodes above them. */
export interface PageTree {
  readonly pages: readonly Page[];
  readonly nodes: readonly PDFRef[];
}

interface Pending {
  readonly object: PDFObject;
  readonly inherited: ReadonlyMap<PDFName, PDFObject>;
  readonly depth: number;
}

/**
 * Walks the page tree (ISO 32000-2, 7.7.3) without recursion; a node seen before is not entered again. Where the tree
 * leads to no page, the page objects that lie in the file are taken in their order. Throws a `Fault`: `corrupt_pdf`
 * where there is no page at all, `too_many_pages`.
 */
export function readPageTree(context: PDFContext, catalog: PDFDict): PageTree {
  const tree = walk(context, catalog.get(PDFName.of('Pages')));
  if (tree.pages.length > 0) return tree;
  const pages = strayPages(context);
  if (pages.length === 0) throw new Fault('corrupt_pdf', 'has no pages');
  return { pages, nodes: tree.nodes };
}

/** Width and height of a page's media box in inches, with its UserUnit counted in. */
export function pageInches(context: PDFContext, page: Page): { width: number; height: number } {
  const sides = boxNumbers(context, page.attributes.get(PDFName.of('MediaBox')));
  const [left = 0, bottom = 0, right = 612, top = 792] = sides.length === 4 ? sides : DEFAULT_BOX;
  const unit = resolve(context, page.dict.get(PDFName.of('UserUnit')));
  const inchesPerUnit = (unit instanceof PDFNumber ? unit.asNumber() : 1) / 72;
  return { width: Math.abs(right - left) * inchesPerUnit, height: Math.abs(top - bottom) * inchesPerUnit };
}

/** The object itself, or what a reference leads to. */
export function resolve(context: PDFContext, object: PDFObject | undefined): PDFObject | undefined {
  return object instanceof PDFRef ? context.lookup(object) : object;
}

function walk(context: PDFContext, root: PDFObject | undefined): PageTree {
  const pages: Page[] = [];
  const nodes = new Map<PDFObject, PDFRef | undefined>();
  const stack: Pending[] = root ? [{ object: root, inherited: new Map(), depth: 0 }] : [];
  for (let pending = stack.pop(); pending; pending = stack.pop()) {
    const { object, inherited, depth } = pending;
    const ref = object instanceof PDFRef ? object : undefined;
    const dict = resolve(context, object);
    if (!(dict instanceof PDFDict) || nodes.has(dict) || depth > MAX_NESTING) continue;
    const attributes = inherit(inherited, dict);
    const kids = resolve(context, dict.get(KIDS));
    if (kids instanceof PDFArray) {
      nodes.set(dict, ref);
      for (const kid of kids.asArray().reverse()) stack.push({ object: kid, inherited: attributes, depth: depth + 1 });
    } else if (dict.get(TYPE) !== PDFName.of('Pages')) {
      addPage(pages, ref, dict, attributes, context);
    }
  }
  return { pages, nodes: [...nodes.values()].filter((ref) => ref !== undefined) };
}

function inherit(inherited: ReadonlyMap<PDFName, PDFObject>, dict: PDFDict): Map<PDFName, PDFObject> {
  const attributes = new Map(inherited);
  for (const key of INHERITABLE) {
    const own = dict.get(key);
    if (own) attributes.set(key, own);
  }
  return attributes;
}

function addPage(
  pages: Page[],
  ref: PDFRef | undefined,
  dict: PDFDict,
  attributes: Map<PDFName, PDFObject>,
  context: PDFContext,
): void {
  if (pages.length >= MAX_PAGES) throw new Fault('too_many_pages', `has more than the limit of ${MAX_PAGES} pages`);
  const box = PDFName.of('MediaBox');
  if (boxNumbers(context, attributes.get(box)).length !== 4) attributes.set(box, context.obj(DEFAULT_BOX));
  pages.push({ ref, dict, attributes });
}

function strayPages(context: PDFContext): Page[] {
  const pages: Page[] = [];
  for (const [ref, object] of context.enumerateIndirectObjects()) {
    if (!(object instanceof PDFDict) || object.get(TYPE) !== PAGE) continue;
    addPage(pages, ref, object, inherit(new Map(), object), context);
  }
  return pages;
}

function boxNumbers(context: PDFContext, object: PDFObject | undefined): number[] {
  const box = resolve(context, object);
  if (!(box instanceof PDFArray)) return [];
  return box
    .asArray()
    .map((side) => resolve(context, side))
    .filter((side) => side instanceof PDFNumber)
    .map((side) => side.asNumber());
}
