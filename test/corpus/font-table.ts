/** The sizes of a font program before and after. */
interface FontSizes {
  readonly action: 'subset' | 'kept';
  readonly bytes_before: number;
  readonly bytes_after: number;
}

interface Row {
  fonts: number;
  subset: number;
  before: number;
  after: number;
}

/** Sums up the bytes of font programs by class. */
export class FontTable {
  readonly #rows = new Map<string, Row>();

  add(name: string, { action, bytes_before, bytes_after }: FontSizes): void {
    const row = this.#rows.get(name) ?? { fonts: 0, subset: 0, before: 0, after: 0 };
    row.fonts += 1;
    row.subset += action === 'subset' ? 1 : 0;
    row.before += bytes_before;
    row.after += bytes_after;
    this.#rows.set(name, row);
  }

  /** One line for each class, the largest first. */
  lines(): string[] {
    const sorted = [...this.#rows].sort(([, one], [, other]) => other.before - one.before);
    const rows = sorted.map(([name, { fonts, subset, before, after }]) => [name, fonts, subset, before, after]);
    return [['class', 'fonts', 'subset', 'before', 'after'], ...rows].map(([name = '', ...numbers]) =>
      [String(name).padEnd(20), ...numbers.map((each) => String(each).padStart(10))].join(''),
    );
  }
}
