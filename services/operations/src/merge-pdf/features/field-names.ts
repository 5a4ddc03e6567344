import type { FieldNode, PdfFile } from '@pdf-tools/pdf';
import { PdfString, textOf } from '@pdf-tools/pdf';
import { FreeNames, checkNames, displayName } from '../unique-name.js';

/**
 * Assigns names to root fields, compared as text. A name of another source is replaced. Fields of one source with the
 * same name are one field (ISO 32000-2, 12.7.4.2) and share the new name.
 */
export class RootNames {
  readonly #taken = new Set<string>();
  readonly #free = new FreeNames();

  /** Returns the new names of a source's root fields, by their names as text. Values are string bytes as Latin-1. */
  take(file: PdfFile, nodes: readonly FieldNode[]): Map<string, string> {
    const names = new Map<string, string>();
    const isTaken = (name: string): boolean => this.#taken.has(displayName(name)) || names.has(displayName(name));
    for (const { dict, parent } of nodes) {
      const title = parent ? null : file.resolve(dict.get('T'));
      if (!(title instanceof PdfString) || names.has(textOf(title))) continue;
      const name = title.bytes.toString('latin1');
      names.set(textOf(title), this.#taken.has(textOf(title)) ? this.#free.after(name, isTaken) : name);
    }
    for (const to of names.values()) this.#taken.add(displayName(to));
    checkNames(this.#taken.size);
    return names;
  }
}
