import { PDFArray, PDFDict, PDFName, PDFNumber, PDFRef } from 'pdf-lib';
import type { PDFContext, PDFObject } from 'pdf-lib';
import { Fault } from '../fault.js';
import { MAX_NESTING, MAX_PAGES } from '../pdf/limits.js';
import { MAX_NODE_VISITS } from './limits.js';
import { checkPageSide } from './screen.js';

/** Attributes that a page takes from its ancestors where it has none itself (ISO 32000-2, table 31). */
const INHERITABLE = ['Resources', 'MediaBox', 'CropBox', 'Rotate'].map((name) => PDFName.of(name));

/** US Letter, which viewers assume for a page without a media box. */
const DEFAULT_BOX = [0, 0, 612, 792];

const KIDS = PDFName.of('Kids');
const PARENT = PDFName.of('Parent');
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
  /** Something stands in the tree that is neither a node nor a page, a node stands below itself, or the root has a parent. */
  readonly damaged: boolean;
}

interface Pending {
  readonly object: PDFObject;
  readonly inherited: ReadonlyMap<PDFName, PDFObject>;
  readonly parent: Ancestor | undefined;
}

/** A node on the way from the root to what is looked at. */
interface Ancestor {
  readonly dict: PDFDict;
  readonly depth: number;
  readonly parent: Ancestor | undefined;
}

/**
 * Walks the page tree (ISO 32000-2, 7.7.3) without recursion. A node is not entered again below itself; one that stands
 * at several places has its pages at each of them. Where the tree leads to no page, the page objects that lie in the
 * file are taken in their order. Throws a `Fault`: `corrupt_pdf` where there is no page at all or the tree is absurdly
 * deep or tangled, `too_many_pages`, `too_many_pixels` for a page of absurd size.
 */
export function readPageTree(context: PDFContext, catalog: PDFDict): PageTree {
  const tree = walk(context, catalog.get(PDFName.of('Pages')));
  if (tree.pages.length > 0) return tree;
  const pages = strayPages(context);
  if (pages.length === 0) throw new Fault('corrupt_pdf', 'has no pages');
  return { pages, nodes: tree.nodes, damaged: true };
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
  const found: Found = { pages: [], nodes: new Map(), visits: 0, damaged: false };
  const stack: Pending[] = root ? [{ object: root, inherited: new Map(), parent: undefined }] : [];
  for (let pending = stack.pop(); pending; pending = stack.pop()) {
    const dict = resolve(context, pending.object);
    const kids = dict instanceof PDFDict ? resolve(context, dict.get(KIDS)) : undefined;
    if (!(dict instanceof PDFDict)) found.damaged = true;
    else if (kids instanceof PDFArray) enterNode(found, stack, { ...pending, dict, kids });
    else if (dict.get(TYPE) !== PDFName.of('Pages'))
      addPage(found.pages, refOf(pending.object), dict, inherit(pending.inherited, dict), context);
  }
  const nodes = [...found.nodes.values()].filter((ref) => ref !== undefined);
  return { pages: found.pages, nodes, damaged: found.damaged };
}

interface Found {
  readonly pages: Page[];
  readonly nodes: Map<PDFDict, PDFRef | undefined>;
  visits: number;
  damaged: boolean;
}

interface Node extends Pending {
  readonly dict: PDFDict;
  readonly kids: PDFArray;
}

/** Notes a node and puts its kids on the stack. */
function enterNode(found: Found, stack: Pending[], { object, inherited, parent, dict, kids }: Node): void {
  const isCircle = isBelow(dict, parent);
  if (isCircle || (!parent && dict.has(PARENT))) found.damaged = true;
  if (isCircle) return;
  const depth = (parent?.depth ?? 0) + 1;
  if (depth > MAX_NESTING || ++found.visits > MAX_NODE_VISITS) throw tangled();
  found.nodes.set(dict, refOf(object));
  const here = { dict, depth, parent };
  const attributes = inherit(inherited, dict);
  for (const kid of kids.asArray().reverse()) stack.push({ object: kid, inherited: attributes, parent: here });
}

function refOf(object: PDFObject): PDFRef | undefined {
  return object instanceof PDFRef ? object : undefined;
}

function isBelow(dict: PDFDict, parent: Ancestor | undefined): boolean {
  for (let node = parent; node; node = node.parent) if (node.dict === dict) return true;
  return false;
}

function tangled(): Fault {
  return new Fault('corrupt_pdf', `has a page tree that is deeper than ${MAX_NESTING} levels or leads in circles`);
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
  const sides = boxNumbers(context, attributes.get(box));
  if (sides.length !== 4) attributes.set(box, context.obj(DEFAULT_BOX));
  else for (const side of sides) checkPageSide(side);
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
