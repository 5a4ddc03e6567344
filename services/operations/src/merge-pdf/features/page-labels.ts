import { PdfDict, PdfName, PdfString, TargetRef, isInteger, readNumberTree, writeNumberTree } from '@pdf-tools/pdf';
import type { PdfFile, PdfObject, PdfWriter } from '@pdf-tools/pdf';
import type { FeatureContext } from '../features.js';
import { PerDocument } from '../per-document.js';
import type { Feature, Source } from '../source.js';

/** A page's label (ISO 32000-2, table 161): numbering style, prefix and number. */
interface Label {
  readonly style: string | undefined;
  readonly prefix: string;
  readonly number: number;
}

/** Merges page labels (12.4.2). Each page keeps its label. If no file has labels, the result has none. */
export class PageLabelsFeature implements Feature {
  readonly #writer: PdfWriter;
  readonly #pages: number;
  readonly #labels = new Map<number, Label>();
  readonly #read = new PerDocument(({ file }) => readLabels(file));
  #anyFileHasLabels = false;

  constructor({ writer, pages }: FeatureContext) {
    this.#writer = writer;
    this.#pages = (pages.at(-1)?.position ?? -1) + 1;
  }

  collect(source: Source): void {
    const labels = this.#read.of(source);
    if (labels) this.#anyFileHasLabels = true;
    for (const { position, sourceIndex } of source.pages) {
      const label = labels?.(sourceIndex) ?? { style: 'D', prefix: '', number: sourceIndex + 1 };
      this.#labels.set(position, label);
    }
  }

  finish(): Readonly<Record<string, PdfObject | undefined>> {
    if (!this.#anyFileHasLabels) return {};
    const ranges = new Map<number, PdfObject>();
    let before: Label | undefined;
    for (let position = 0; position < this.#pages; position++) {
      const label = this.#labels.get(position) ?? { style: undefined, prefix: '', number: 1 };
      if (!before || !follows(before, label)) ranges.set(position, rangeOf(label));
      before = label;
    }
    return { PageLabels: new TargetRef(writeNumberTree(this.#writer, ranges)) };
  }
}

/** Returns a function from page position to label. Undefined if the file has no labels. */
function readLabels(file: PdfFile): ((page: number) => Label) | undefined {
  const ranges = [...readNumberTree(file, file.catalogEntry('PageLabels'))].sort(([left], [right]) => left - right);
  if (ranges.length === 0) return undefined;
  return (page) => {
    const [first, value] = rangeAt(ranges, page) ?? [0, null];
    const dict = file.resolve(value);
    if (!(dict instanceof PdfDict)) return { style: undefined, prefix: '', number: page + 1 };
    const [style, prefix, start] = ['S', 'P', 'St'].map((key) => file.resolve(dict.get(key)));
    return {
      style: style instanceof PdfName ? style.value : undefined,
      prefix: prefix instanceof PdfString ? prefix.bytes.toString('latin1') : '',
      number: (isInteger(start) ? start : 1) + page - first,
    };
  };
}

/** The last of the sorted ranges that starts at or before a page. */
function rangeAt(
  ranges: readonly (readonly [number, PdfObject])[],
  page: number,
): readonly [number, PdfObject] | undefined {
  let [from, to] = [0, ranges.length];
  while (from < to) {
    const middle = (from + to) >> 1;
    if ((ranges[middle]?.[0] ?? 0) <= page) from = middle + 1;
    else to = middle;
  }
  return ranges[from - 1];
}

/** Whether a label continues the range of the previous one. A label without a number stays the same. */
function follows(before: Label, { style, prefix, number }: Label): boolean {
  if (style !== before.style || prefix !== before.prefix) return false;
  return style === undefined || number === before.number + 1;
}

function rangeOf({ style, prefix, number }: Label): PdfDict {
  return PdfDict.of({
    S: style === undefined ? undefined : new PdfName(style),
    P: prefix === '' ? undefined : PdfString.latin1(prefix),
    St: style === undefined || number === 1 ? undefined : number,
  });
}
