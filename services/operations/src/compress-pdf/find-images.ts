import { PDFArray, PDFDict, PDFName, PDFRawStream, PDFRef } from 'pdf-lib';
import type { PDFContext, PDFObject } from 'pdf-lib';
import { pageInches, resolve } from '../pdf-lib/page-tree.js';
import type { Page } from '../pdf-lib/page-tree.js';

/** An image XObject and the largest page that draws it. */
export interface FoundImage {
  readonly ref: PDFRef;
  readonly stream: PDFRawStream;
  /** Number of that page, from 1. */
  readonly page: number;
  /** Sides of that page in inches: the image can hardly be shown larger. */
  readonly inches: { readonly width: number; readonly height: number };
}

const SUBTYPE = PDFName.of('Subtype');
const RESOURCES = PDFName.of('Resources');
/** Resource categories whose members may hold resources of their own: forms, tiling patterns, Type 3 fonts. */
const NESTING = ['XObject', 'Pattern', 'Font'].map((name) => PDFName.of(name));

/**
 * Finds the images that pages draw, also within forms, patterns, Type 3 fonts and the appearances of annotations. Pages
 * are visited from the largest to the smallest and everything once, so an image is found at its largest page.
 */
export function findImages(context: PDFContext, pages: readonly Page[]): FoundImage[] {
  const visited = new Set<PDFObject>();
  const found: FoundImage[] = [];
  const sized = pages.map((page, index) => ({ page, number: index + 1, inches: pageInches(context, page) }));
  sized.sort((a, b) => b.inches.width * b.inches.height - a.inches.width * a.inches.height);
  for (const { page, number, inches } of sized) {
    for (const { ref, stream } of imagesOfPage(context, page, visited))
      found.push({ ref, stream, page: number, inches });
  }
  return found;
}

function* imagesOfPage(
  context: PDFContext,
  page: Page,
  visited: Set<PDFObject>,
): Generator<{ ref: PDFRef; stream: PDFRawStream }> {
  const stack: PDFObject[] = [...appearances(context, page)];
  pushMembers(context, page.attributes.get(RESOURCES), stack, visited);
  for (let object = stack.pop(); object; object = stack.pop()) {
    if (visited.has(object)) continue;
    visited.add(object);
    const target = resolve(context, object);
    if (target instanceof PDFRawStream) {
      if (object instanceof PDFRef && target.dict.get(SUBTYPE) === PDFName.of('Image')) {
        yield { ref: object, stream: target };
      } else pushMembers(context, target.dict.get(RESOURCES), stack, visited);
    } else if (target instanceof PDFDict) pushMembers(context, target.get(RESOURCES), stack, visited);
  }
}

/** Pushes the members of a resource dictionary that may be images or hold some. */
function pushMembers(
  context: PDFContext,
  resources: PDFObject | undefined,
  stack: PDFObject[],
  visited: Set<PDFObject>,
): void {
  const dict = resolve(context, resources);
  if (!(dict instanceof PDFDict) || visited.has(dict)) return;
  visited.add(dict);
  for (const category of NESTING) {
    const members = resolve(context, dict.get(category));
    if (members instanceof PDFDict) for (const member of members.values()) stack.push(member);
  }
}

/** Appearance streams of a page's annotations (ISO 32000-2, 12.5.5): a stream, or one for each state. */
function appearances(context: PDFContext, page: Page): PDFObject[] {
  const annots = resolve(context, page.dict.get(PDFName.of('Annots')));
  if (!(annots instanceof PDFArray)) return [];
  return annots.asArray().flatMap((annot) => {
    const appearance = childDict(context, resolve(context, annot), 'AP');
    return (appearance?.values() ?? []).flatMap((state) => {
      const target = resolve(context, state);
      return target instanceof PDFDict ? target.values() : [state];
    });
  });
}

function childDict(context: PDFContext, parent: PDFObject | undefined, key: string): PDFDict | undefined {
  const child = parent instanceof PDFDict ? resolve(context, parent.get(PDFName.of(key))) : undefined;
  return child instanceof PDFDict ? child : undefined;
}
