import { PdfDict, PdfRef } from '@pdf-tools/pdf';
import type { FontUse, FontUses, PdfFile, SourceObjectNumber } from '@pdf-tools/pdf';
import type { FontFinder } from './font-finder.js';

/** Decides which fonts may show more characters than the content of the document does. */
export class WholeFonts {
  readonly #uses: FontUses;
  readonly #reasons = new Map<SourceObjectNumber, string>();

  constructor(file: PdfFile, { fontsByName, defaultNames }: FontFinder, uses: FontUses) {
    this.#uses = uses;
    const keep = (names: Iterable<string>, reason: string): void => {
      for (const name of names) for (const num of fontsByName.get(name) ?? []) this.#reasons.set(num, reason);
    };
    keep(uses.unresolvedNames, 'content selects its name without a resource');
    keep(defaultNames, 'text in it can be edited');
    for (const num of xfaFonts(file)) this.#reasons.set(num, 'text in it can be edited');
  }

  /** Why a font must be kept. Undefined if it may become a subset. */
  reasonFor(num: SourceObjectNumber): string | undefined {
    if (!this.#uses.isComplete) return 'some content cannot be read';
    if (this.useOf(num)?.isComplete === false) return 'its character codes are not understood';
    return this.#reasons.get(num);
  }

  useOf(num: SourceObjectNumber): FontUse | undefined {
    return this.#uses.fonts.get(num);
  }
}

/** The fonts of a form that may be filled by XFA (ISO 32000-1, 12.7.8), which selects fonts by their names. */
function xfaFonts(file: PdfFile): SourceObjectNumber[] {
  const form = file.resolve(file.catalog.get('AcroForm'));
  if (!(form instanceof PdfDict) || !form.has('XFA')) return [];
  const resources = file.resolve(form.get('DR'));
  const fonts = resources instanceof PdfDict ? file.resolve(resources.get('Font')) : null;
  if (!(fonts instanceof PdfDict)) return [];
  return [...fonts.values()].flatMap((font) => (font instanceof PdfRef ? [font.num] : []));
}
