import { PdfError } from '../errors.js';
import type { PdfFile } from '../file/pdf-file.js';
import { DecodingBudget } from '../filters/budget.js';
import { decode } from '../filters/decode.js';
import { IDENTITY_CMAP, MAX_CODE_BYTES, readCidCmap } from '../fonts/cid-cmap.js';
import type { CidCmap } from '../fonts/cid-cmap.js';
import type { PdfDict } from '../syntax/objects.js';
import { PdfName, PdfStream, isName } from '../syntax/objects.js';

/** Predefined CMaps with two-byte codes that are the CIDs (ISO 32000-2, table 116). */
const IDENTITY_NAMES = new Set(['Identity-H', 'Identity-V']);

/** The character codes that a document shows with a font. */
export interface FontUse {
  /** The CMap of a composite font. Undefined for a simple font, and if it is not understood. */
  readonly cmap: CidCmap | undefined;
  /** The codes by their length in bytes. Simple fonts have one-byte codes. */
  readonly codes: ReadonlyMap<number, ReadonlySet<number>>;
  /** Whether all shown strings could be split into codes. */
  readonly isComplete: boolean;
}

/** Collects the codes of strings that are shown with a font. */
export class ShownCodes implements FontUse {
  isComplete = true;
  readonly codes = new Map<number, Set<number>>();
  readonly cmap: CidCmap | undefined;
  readonly #isComposite: boolean;

  constructor(file: PdfFile, font: PdfDict) {
    this.#isComposite = isName(file.resolve(font.get('Subtype')), 'Type0') || font.has('DescendantFonts');
    this.cmap = this.#isComposite ? cmapOf(file, font) : undefined;
  }

  add(string: Buffer): void {
    if (this.#isComposite && !this.cmap) this.isComplete &&= string.length === 0;
    else if (!this.cmap) for (const code of string) this.#of(1).add(code);
    else if (!this.cmap.readCodes(string, (code, length) => this.#of(length).add(code))) this.isComplete = false;
  }

  #of(length: number): Set<number> {
    const known = this.codes.get(length);
    if (known) return known;
    const codes = new Set<number>();
    if (length <= MAX_CODE_BYTES) this.codes.set(length, codes);
    return codes;
  }
}

function cmapOf(file: PdfFile, font: PdfDict): CidCmap | undefined {
  const encoding = file.resolve(font.get('Encoding'));
  if (encoding instanceof PdfName) return IDENTITY_NAMES.has(encoding.value) ? IDENTITY_CMAP : undefined;
  if (!(encoding instanceof PdfStream) || encoding.dict.has('UseCMap')) return undefined;
  try {
    const { bytes, left } = decode(file.encoded(encoding), file.filters(encoding.dict), new DecodingBudget());
    return left.length === 0 ? readCidCmap(bytes) : undefined;
  } catch (thrown) {
    if (thrown instanceof PdfError) return undefined;
    throw thrown;
  }
}
