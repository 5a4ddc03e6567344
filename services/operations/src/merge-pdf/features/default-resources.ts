import type { PdfFile, PdfObject, PdfWriter, Rewriter } from '@pdf-tools/pdf';
import { PdfDict, PdfString, TargetRef, nameText, nameToken } from '@pdf-tools/pdf';
import type { Source } from '../source.js';
import { UniqueNames } from '../unique-name.js';

/**
 * Merges the default resources of all forms (ISO 32000-2, table 224, /DR). A font with a taken name is renamed, and
 * default appearances follow.
 */
export class DefaultResources {
  readonly #writer: PdfWriter;
  readonly #categories = new Map<string, UniqueNames<PdfObject>>();
  /** The renamed fonts of each document. */
  readonly #renamed = new Map<PdfFile, ReadonlyMap<string, string>>();

  constructor(writer: PdfWriter) {
    this.#writer = writer;
  }

  /** Adds the resources of a document and rewrites the default appearances of a source. */
  take(source: Source, form: PdfDict): void {
    const fonts = this.#renamed.get(source.file) ?? this.#add(source, form);
    this.#renamed.set(source.file, fonts);
    if (fonts.size > 0) source.copier.rewriteWith(new DefaultAppearances(source, fonts));
  }

  #add({ file, copier }: Source, form: PdfDict): Map<string, string> {
    const fonts = new Map<string, string>();
    const resources = file.resolve(form.get('DR'));
    for (const [category, value] of resources instanceof PdfDict ? resources : []) {
      const found = file.resolve(value);
      if (!(found instanceof PdfDict)) continue;
      const taken = this.#categories.get(category) ?? new UniqueNames<PdfObject>();
      for (const [name, resource] of found) {
        const to = place(taken, name, copier.adopt(resource));
        if (category === 'Font' && to !== name) fonts.set(name, to);
      }
      this.#categories.set(category, taken);
    }
    return fonts;
  }

  /** Writes the merged resources. Returns undefined if no document has any. */
  dict(): PdfObject | undefined {
    if (this.#categories.size === 0) return undefined;
    const dict = new PdfDict([...this.#categories].map(([category, { entries }]) => [category, new PdfDict(entries)]));
    return new TargetRef(this.#writer.put(dict));
  }
}

/** Adds a resource by its name, or by another if the name is taken. Returns the name. */
function place(taken: UniqueNames<PdfObject>, name: string, resource: PdfObject): string {
  const known = taken.get(name);
  return known !== undefined && same(known, resource) ? name : taken.add(name, resource);
}

function same(left: PdfObject, right: PdfObject): boolean {
  return left instanceof TargetRef && right instanceof TargetRef ? left.num === right.num : left === right;
}

/** Rewrites default appearances (12.7.4.3) that use a renamed font. */
class DefaultAppearances implements Rewriter {
  readonly markers = ['/DA'];
  readonly #source: Source;
  readonly #fonts: ReadonlyMap<string, string>;

  constructor(source: Source, fonts: ReadonlyMap<string, string>) {
    this.#source = source;
    this.#fonts = fonts;
  }

  rewrite(dict: PdfDict): void {
    const appearance = dict.has('DA') ? this.#source.file.resolve(dict.get('DA')) : null;
    if (!(appearance instanceof PdfString)) return;
    const text = appearance.bytes.toString('latin1');
    const renamed = text.replace(/\/([^\s/()<>[\]{}%]+)(?=\s+[-+.\d]+\s+Tf)/g, (token, name: string) => {
      const to = this.#fonts.get(nameText(name));
      return to === undefined ? token : nameToken(to);
    });
    if (renamed !== text) dict.set('DA', PdfString.latin1(renamed));
  }
}
