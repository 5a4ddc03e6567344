import { PdfError } from '../../errors.js';
import { PdfDict, PdfName, PdfStream, PdfString, isName } from '../../syntax/objects.js';
import type { PdfObject } from '../../syntax/objects.js';
import { CMYK, GRAY, RGB } from './color-space.js';
import type { ColorSpaceReader } from './color-space.js';
import { ShadingConverter } from './gray-shading.js';

/** Colour entries of 1, 3 or 4 components in an annotation and its /MK (ISO 32000-2, tables 166 and 192). */
const ANNOTATION_COLORS = ['C', 'IC'];
const WIDGET_COLORS = ['BC', 'BG'];

/** Converts colours in objects other than content to gray. */
export class GrayObjects {
  /** Number of shadings, spaces and colours that were changed. */
  changes = 0;
  readonly #shadings: ShadingConverter;
  readonly #colorSpaces: ColorSpaceReader;
  readonly #grayText: (content: Buffer) => Buffer;
  readonly #note: (what: string) => void;

  /** `grayText` converts a short piece of content. */
  constructor(
    shadings: ShadingConverter,
    colorSpaces: ColorSpaceReader,
    grayText: (content: Buffer) => Buffer,
    note: (what: string) => void,
  ) {
    this.#shadings = shadings;
    this.#colorSpaces = colorSpaces;
    this.#grayText = grayText;
    this.#note = note;
  }

  /** Converts a value to gray. Returns the same value if it has no colour. Nested values must be direct. */
  convert(value: PdfObject): PdfObject {
    if (Array.isArray(value)) return this.#array(value);
    if (value instanceof PdfDict) return this.#dict(value);
    if (!(value instanceof PdfStream)) return value;
    if (ShadingConverter.isShading(value.dict)) return this.#shading(value);
    const dict = this.#dict(value.dict);
    return dict === value.dict ? value : new PdfStream(dict, value.data, value.id);
  }

  #array(array: PdfObject[]): PdfObject[] {
    if (this.#isColoredPattern(array)) {
      this.changes += 1;
      return [new PdfName('Pattern'), new PdfName('DeviceGray')];
    }
    const items = array.map((item) => this.convert(item));
    return items.some((item, at) => item !== array[at]) ? items : array;
  }

  /** The space of uncoloured patterns (8.7.3.3). */
  #isColoredPattern(array: readonly PdfObject[]): boolean {
    if (array.length !== 2 || !isName(array[0], 'Pattern')) return false;
    const under = this.#colorSpaces.read(array[1]);
    return typeof under !== 'string' && under !== GRAY;
  }

  #dict(dict: PdfDict): PdfDict {
    if (ShadingConverter.isShading(dict)) {
      const shading = this.#shading(dict);
      return shading instanceof PdfDict ? shading : dict;
    }
    const changed = new PdfDict();
    for (const [key, value] of dict) {
      const converted = this.convert(value);
      if (converted !== value) changed.set(key, converted);
    }
    this.#changeAppearance(dict, changed);
    if (changed.size === 0) return dict;
    return new PdfDict([...dict, ...changed]);
  }

  /** Colours with which readers draw annotations and fields without an appearance (12.5, 12.7.4.3). */
  #changeAppearance(dict: PdfDict, changed: PdfDict): void {
    if (dict.has('Rect')) for (const key of ANNOTATION_COLORS) this.#changeColor(dict, changed, key);
    const characteristics = dict.get('MK');
    if (characteristics instanceof PdfDict) {
      const colors = new PdfDict();
      for (const key of WIDGET_COLORS) this.#changeColor(characteristics, colors, key);
      if (colors.size > 0) changed.set('MK', new PdfDict([...characteristics, ...colors]));
    }
    const appearance = dict.get('DA');
    if (!(appearance instanceof PdfString)) return;
    const gray = this.#grayText(appearance.bytes);
    if (!gray.equals(appearance.bytes)) changed.set('DA', new PdfString(gray));
  }

  #changeColor(dict: PdfDict, changed: PdfDict, key: string): void {
    const color = dict.get(key);
    if (!Array.isArray(color) || !color.every((part) => typeof part === 'number')) return;
    const space = [RGB, CMYK].find(({ components }) => components === color.length);
    if (!space) return;
    const gray = Math.round(space.gray(color) * 10_000) / 10_000;
    if (space === RGB && color.every((part) => part === gray)) return;
    this.changes += 1;
    // The result stays RGB, because poppler and others draw borders in other spaces in black.
    changed.set(key, [gray, gray, gray]);
  }

  #shading(shading: PdfDict | PdfStream): PdfDict | PdfStream {
    try {
      const gray = this.#shadings.convert(shading);
      if (typeof gray === 'string') this.#note(gray);
      else if (gray !== shading) {
        this.changes += 1;
        return gray;
      }
    } catch (thrown) {
      if (!(thrown instanceof PdfError)) throw thrown;
      this.#note('a damaged shading');
    }
    return shading;
  }
}
