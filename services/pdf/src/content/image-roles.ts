import type { PdfFile } from '../file/pdf-file.js';
import { FIXUP_FIELDS, Fixup } from '../syntax/scanner.js';
import { PdfDict, PdfRef, PdfStream, isName } from '../syntax/objects.js';
import type { PdfObject } from '../syntax/objects.js';
import type { ResourceObjects } from './resources.js';
import type { SourceObjectNumber } from '../syntax/object-numbers.js';
import { sourceNumber } from '../syntax/object-numbers.js';

/** How the objects of a file refer to an image, other than through resources that content draws from. */
export interface ImageRoles {
  /** As /SMask or /Mask of an image. */
  asMask: boolean;
  /** As a named resource of content that was read. */
  asResource: boolean;
  /** In any other way. */
  asOther: boolean;
}

/** The keys from an object to a reference in it. Array elements have the key `*`. */
type Path = readonly string[];

const ELEMENT = '*';

/** Determines how the objects of a file refer to some images. */
export class ImageRoleFinder {
  readonly roles = new Map<SourceObjectNumber, ImageRoles>();
  readonly #file: PdfFile;
  readonly #resources: ResourceObjects;

  constructor(file: PdfFile, images: Iterable<SourceObjectNumber>, resources: ResourceObjects) {
    this.#file = file;
    this.#resources = resources;
    for (const num of images) this.roles.set(num, { asMask: false, asResource: false, asOther: false });
  }

  /** Adds the references of an object of the file. */
  add(num: SourceObjectNumber): void {
    const raw = this.#file.raw(num);
    if (!raw || (raw.fixups && !this.#hasImage(raw.fixups))) return;
    this.#addValue(num, this.#file.parse(raw));
  }

  #hasImage(fixups: readonly number[]): boolean {
    for (let at = 0; at < fixups.length; at += FIXUP_FIELDS) {
      if (fixups[at] === Fixup.Reference && this.roles.has(sourceNumber(fixups[at + 3] ?? 0))) return true;
    }
    return false;
  }

  #addValue(num: SourceObjectNumber, object: PdfObject): void {
    const value = object instanceof PdfStream ? object.dict : object;
    const left: [PdfObject, Path][] = [[value, []]];
    for (let next = left.pop(); next; next = left.pop()) {
      const [part, path] = next;
      if (part instanceof PdfRef) this.#addReference(part.num, num, value, path);
      else if (Array.isArray(part)) for (const item of part) left.push([item, [...path, ELEMENT]]);
      else if (part instanceof PdfDict) for (const [key, item] of part) left.push([item, [...path, key]]);
    }
  }

  #addReference(image: SourceObjectNumber, num: SourceObjectNumber, value: PdfObject, path: Path): void {
    const roles = this.roles.get(image);
    if (!roles) return;
    if (this.#isResource(num, value, path)) roles.asResource = true;
    else if (this.#isMask(value, path)) roles.asMask = true;
    else roles.asOther = true;
  }

  /**
   * Whether a reference is in the resources of an owner, a resource dictionary or a page tree node (ISO 32000-2,
   * 7.8.3).
   */
  #isResource(num: SourceObjectNumber, value: PdfObject, path: Path): boolean {
    const { owners, dictionaries, xobjects } = this.#resources;
    if (path.length === 1) return xobjects.has(num);
    if (path.at(-2) !== 'XObject') return false;
    if (path.length === 2) return dictionaries.has(num);
    if (path.at(-3) !== 'Resources') return false;
    return path.length === 3 ? owners.has(num) || isNode(value) : isNode(value) && path[0] === 'Kids';
  }

  #isMask(value: PdfObject, path: Path): boolean {
    if (path.length !== 1 || (path[0] !== 'SMask' && path[0] !== 'Mask') || !(value instanceof PdfDict)) return false;
    return isName(this.#file.resolve(value.get('Subtype')), 'Image');
  }
}

/** Whether a value is a page tree node above pages. */
function isNode(value: PdfObject): boolean {
  return value instanceof PdfDict && value.has('Kids');
}
