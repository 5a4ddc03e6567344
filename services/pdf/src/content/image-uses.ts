import type { PageEntry } from '../document/page-tree.js';
import type { PdfFile } from '../file/pdf-file.js';
import type { ContentUse } from './content-use.js';
import type { DrawnImage } from './drawn.js';
import { ImageUseCollector } from './image-use-collector.js';
import type { ImageRoles } from './image-roles.js';
import type { InlineImages } from './inline-images.js';
import type { SourceObjectNumber } from '../syntax/object-numbers.js';

/** How a document draws an image XObject. */
export interface ImageUse {
  /** The first page that draws it, counted from 1. */
  readonly page: number;
  /**
   * The maximum lengths of its sides over all uses, in points. They are those of `(a, b)` and `(c, d)` of the matrix to
   * default user space, times UserUnit. They are upper bounds if there are too many uses, and Infinity if content that
   * may draw it cannot be read. A mask has the lengths of its images.
   */
  readonly widthPoints: number;
  readonly heightPoints: number;
  /** Number of operations that draw it. An operation in a form counts once. */
  readonly uses: number;
  /**
   * Whether every reference to the object in the file is a named resource (/XObject) of content that was read. False if
   * any object refers to it in another way, such as /SMask or /Mask of an image, thumbnail, alternate image, in private
   * data (/PieceInfo), in the resources of content that nothing draws, or through an object that is only a reference.
   */
  readonly onlyAsImage: boolean;
  /** Whether every reference to the object is an /SMask or /Mask of an image. */
  readonly onlyAsMask: boolean;
}

/** The images of a document as its content draws them. */
export interface ImageUses {
  /** By the object number of the image XObject. Images that nothing draws are not in it. */
  readonly images: ReadonlyMap<SourceObjectNumber, ImageUse>;
  readonly inline: InlineImages;
  /** Whether all content could be read. If not, images that are not in the map must stay unchanged. */
  readonly complete: boolean;
  /** All content that was read: of pages, form XObjects, tiling patterns, Type 3 glyphs and appearances. */
  readonly content: readonly ContentUse[];
  /** The objects that contain the named resources of all content: owners of resource dictionaries, and dictionaries. */
  readonly resourceObjects: ReadonlySet<SourceObjectNumber>;
  /** Amount of work for logs, as content streams read and draws followed. */
  readonly work: { readonly contents: number; readonly draws: number };
}

/**
 * Determines how large images are drawn, through page contents, form XObjects, tiling patterns, soft masks, Type 3
 * glyphs and annotation appearances (ISO 32000-2, 8.3, 8.7.3, 8.10, 9.6.4, 11.6.5, 12.5.5). Optional content and all
 * glyphs of a used Type 3 font count as drawn. Reads each stream once and in pieces, up to 256 MiB per document.
 * Malformed content never throws. Throws only the signal's reason and file system errors.
 */
export async function collectImageUses(
  file: PdfFile,
  pages: readonly PageEntry[],
  { signal }: { readonly signal: AbortSignal },
): Promise<ImageUses> {
  const collector = new ImageUseCollector(file, signal);
  for (const [index, page] of pages.entries()) await collector.readPage(page, index + 1);
  collector.addMasks();
  const images = new Map<SourceObjectNumber, ImageUse>();
  for (const { num, image, roles } of await collector.drawnImages()) images.set(num, useOf(image, roles));
  return {
    images,
    inline: collector.inline.summary(),
    complete: collector.complete,
    content: collector.contentUses(),
    resourceObjects: collector.resourceObjects(),
    work: { contents: collector.contents, draws: collector.draws },
  };
}

function useOf({ page, widthPoints, heightPoints, uses }: DrawnImage, roles: ImageRoles | undefined): ImageUse {
  const { asResource, asMask, asOther } = roles ?? { asResource: true, asMask: true, asOther: true };
  const [onlyAsImage, onlyAsMask] = [asResource && !asMask && !asOther, asMask && !asResource && !asOther];
  return { page, widthPoints, heightPoints, uses, onlyAsImage, onlyAsMask };
}
