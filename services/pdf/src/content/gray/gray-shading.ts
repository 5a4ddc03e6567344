import type { PdfFile } from '../../file/pdf-file.js';
import { PdfDict, PdfName, PdfStream, isInteger } from '../../syntax/objects.js';
import type { PdfObject } from '../../syntax/objects.js';
import type { ColorSpaceReader, GraySpace } from './color-space.js';
import { GRAY } from './color-space.js';
import type { FunctionReader } from './functions.js';
import { grayFunction } from './gray-function.js';
import { grayMesh } from './gray-mesh.js';

const FUNCTION_BASED = 1;
const LAST_OF_A_LINE = 3;
const LAST_TYPE = 7;

/** Converts the shadings (ISO 32000-2, 8.7.4.5) of a file to gray. */
export class ShadingConverter {
  readonly #file: PdfFile;
  readonly #functions: FunctionReader;
  readonly #colorSpaces: ColorSpaceReader;

  constructor(file: PdfFile, functions: FunctionReader, colorSpaces: ColorSpaceReader) {
    this.#file = file;
    this.#functions = functions;
    this.#colorSpaces = colorSpaces;
  }

  /** Whether an object is a shading: a dictionary, or a stream with one. */
  static isShading(dict: PdfDict): boolean {
    return dict.has('ShadingType') && (dict.has('ColorSpace') || dict.has('CS'));
  }

  /**
   * Converts a shading. Returns the same object if it is gray, and a description if it cannot be converted. Throws
   * `corrupt_pdf` for functions that take too long.
   */
  convert(shading: PdfDict | PdfStream): PdfDict | PdfStream | string {
    const dict = shading instanceof PdfStream ? shading.dict : shading;
    const type = this.#file.resolve(dict.get('ShadingType'));
    const space = this.#colorSpaces.read(dict.get('ColorSpace') ?? dict.get('CS'));
    if (space === GRAY) return shading;
    if (typeof space === 'string') return `a shading in ${space} colour space`;
    if (type === FUNCTION_BASED) return 'a function-based shading';
    if (!isInteger(type) || type < FUNCTION_BASED || type > LAST_TYPE) return 'a shading of an unknown type';
    const gray = this.#withoutColor(dict, space);
    if (type <= LAST_OF_A_LINE) return this.#withFunction(gray, space, dict.get('Domain')) ?? 'a damaged shading';
    return this.#mesh(shading, gray, space, type) ?? 'a mesh shading with an unusual layout';
  }

  #withoutColor(dict: PdfDict, space: GraySpace): PdfDict {
    const gray = new PdfDict(dict);
    gray.set('ColorSpace', new PdfName('DeviceGray'));
    gray.delete('CS');
    const background = this.#functions.numbers(dict.get('Background'));
    if (background) gray.set('Background', [space.gray(background)]);
    return gray;
  }

  /** Types 2 and 3, and meshes with a function. Their colours depend on one number. */
  #withFunction(gray: PdfDict, space: GraySpace, domain: PdfObject | undefined): PdfDict | undefined {
    const colors = this.#functions.read(gray.get('Function'));
    if (!colors) return undefined;
    gray.set('Function', grayFunction(colors, space.gray, this.#functions.numbers(domain) ?? [0, 1]));
    return gray;
  }

  #mesh(shading: PdfDict | PdfStream, gray: PdfDict, space: GraySpace, type: number): PdfStream | undefined {
    if (!(shading instanceof PdfStream)) return undefined;
    const decode = this.#functions.numbers(gray.get('Decode'));
    if (!decode) return undefined;
    if (gray.has('Function')) {
      return this.#withFunction(gray, space, decode.slice(4, 6)) && new PdfStream(gray, shading.data, shading.id);
    }
    const { bytes, left } = this.#file.decoded(shading);
    const data = left.length > 0 ? undefined : grayMesh(bytes, gray, decode, space, type);
    if (!data) return undefined;
    gray.set('Decode', [...decode.slice(0, 4), 0, 1]);
    for (const key of ['Filter', 'DecodeParms', 'DL']) gray.delete(key);
    gray.set('Length', data.length);
    return new PdfStream(gray, data);
  }
}
