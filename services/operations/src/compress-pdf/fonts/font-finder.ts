import { PdfDict, PdfName, PdfRef, PdfStream, PdfString, dictionariesOf, nameText } from '@pdf-tools/pdf';
import type { PdfFile, PdfObject, SourceObjectNumber } from '@pdf-tools/pdf';

/** The entries of a font descriptor that have a font program (ISO 32000-2, table 120). */
const PROGRAM_KEYS = ['FontFile', 'FontFile2', 'FontFile3'] as const;
const FONT_IN_APPEARANCE = /\/([^\s/<>[\](){}%]+)\s+[-+.\d]+\s+Tf/g;

/** A font dictionary with an object number, and the CIDFont of a composite font. */
export interface FontUser {
  readonly num: SourceObjectNumber;
  readonly dict: PdfDict;
  readonly cidFont: PdfDict | undefined;
  /** The entry of the font descriptor that has the program. */
  readonly programKey: string;
}

/** A font program and the fonts that use it. */
export interface FontProgram {
  readonly num: SourceObjectNumber;
  readonly users: FontUser[];
  /** Whether a font dictionary without an object number uses it. */
  hasDirectUser: boolean;
}

/** A stream that maps codes or CIDs, and the fonts that use it. */
export interface CodeMap {
  readonly key: 'ToUnicode' | 'CIDToGIDMap';
  readonly users: Set<SourceObjectNumber>;
  /** Whether a font dictionary without an object number uses it, or a font uses it for something else. */
  hasOtherUser: boolean;
}

/** Finds the font programs of a document, the fonts that use them, and the names of fonts in resources. */
export class FontFinder {
  readonly programs = new Map<SourceObjectNumber, FontProgram>();
  readonly maps = new Map<SourceObjectNumber, CodeMap>();
  /** The fonts with this name in any resource dictionary. */
  readonly fontsByName = new Map<string, Set<SourceObjectNumber>>();
  /** Names of fonts in default appearances (12.7.4.3), with which editors show new text. */
  readonly defaultNames = new Set<string>();
  readonly #file: PdfFile;
  readonly #fontDictionaries = new Set<SourceObjectNumber>();

  constructor(file: PdfFile) {
    this.#file = file;
  }

  add(num: SourceObjectNumber): void {
    const value = this.#file.load(num);
    const root = value instanceof PdfStream ? value.dict : value;
    for (const dict of dictionariesOf(value)) {
      this.#addFont(num, dict, dict === root);
      this.#addMap('ToUnicode', dict.get('ToUnicode'), dict === root ? num : undefined);
      this.#addMap('ToUnicode', dict.get('Encoding'), undefined);
      this.#addNames(dict.get('Font'));
      this.#addDefault(dict.get('DA'));
    }
  }

  #addFont(num: SourceObjectNumber, dict: PdfDict, isNumbered: boolean): void {
    const cidFont = dict.has('DescendantFonts') ? this.#descendantOf(dict) : undefined;
    if (cidFont) this.#addMap('CIDToGIDMap', cidFont.get('CIDToGIDMap'), isNumbered ? num : undefined);
    const isCidFont = dict.has('CIDSystemInfo') && dict.has('FontDescriptor');
    if (isCidFont || (!cidFont && !dict.has('FontDescriptor'))) return;
    const found = this.#programOf(cidFont ?? dict);
    if (!found) return;
    const { program, programKey } = found;
    if (isNumbered) program.users.push({ num, dict, cidFont, programKey });
    else program.hasDirectUser = true;
  }

  #addMap(key: CodeMap['key'], entry: PdfObject | undefined, user: SourceObjectNumber | undefined): void {
    if (!(entry instanceof PdfRef)) return;
    const map = this.maps.get(entry.num) ?? { key, users: new Set(), hasOtherUser: false };
    this.maps.set(entry.num, map);
    if (user === undefined || map.key !== key) map.hasOtherUser = true;
    else map.users.add(user);
  }

  #descendantOf(font: PdfDict): PdfDict | undefined {
    const descendants = this.#file.resolve(font.get('DescendantFonts'));
    const first = this.#file.resolve(Array.isArray(descendants) ? descendants[0] : descendants);
    return first instanceof PdfDict ? first : undefined;
  }

  #programOf(font: PdfDict): { program: FontProgram; programKey: string } | undefined {
    const descriptor = this.#file.resolve(font.get('FontDescriptor'));
    if (!(descriptor instanceof PdfDict)) return undefined;
    for (const key of PROGRAM_KEYS) {
      const reference = descriptor.get(key);
      if (!(reference instanceof PdfRef) || !(this.#file.load(reference.num) instanceof PdfStream)) continue;
      const known = this.programs.get(reference.num);
      const program = known ?? { num: reference.num, users: [], hasDirectUser: false };
      this.programs.set(reference.num, program);
      return { program, programKey: key };
    }
    return undefined;
  }

  /** Adds the names in the fonts of a resource dictionary. */
  #addNames(entry: PdfObject | undefined): void {
    if (entry instanceof PdfRef) {
      if (this.#fontDictionaries.has(entry.num)) return;
      this.#fontDictionaries.add(entry.num);
    }
    const fonts = this.#file.resolve(entry);
    if (!(fonts instanceof PdfDict)) return;
    for (const [name, font] of fonts) {
      if (!(font instanceof PdfRef)) continue;
      const named = this.fontsByName.get(name) ?? new Set();
      this.fontsByName.set(name, named.add(font.num));
    }
  }

  #addDefault(entry: PdfObject | undefined): void {
    const appearance = this.#file.resolve(entry);
    if (!(appearance instanceof PdfString)) return;
    for (const [, name = ''] of appearance.bytes.toString('latin1').matchAll(FONT_IN_APPEARANCE))
      this.defaultNames.add(nameText(name));
  }
}

/** The text of a name entry. Undefined for other types. */
export function nameEntry(file: PdfFile, dict: PdfDict, key: string): string | undefined {
  const value = file.resolve(dict.get(key));
  return value instanceof PdfName ? value.value : undefined;
}
