import type { PdfFile, PdfObject } from '@pdf-tools/pdf';
import { PdfDict, PdfName } from '@pdf-tools/pdf';
import { SharedNames } from './shared-names.js';

/**
 * The standard structure types of PDF 1.7 (ISO 32000-2, 14.8.6.2), for elements without a namespace. Documents map
 * types that only PDF 2.0 has to these.
 */
const STANDARD_TYPES =
  `Document Part Art Sect Div BlockQuote Caption TOC TOCI Index NonStruct Private P H H1 H2 H3 H4 H5 H6
  L LI Lbl LBody Table TR TH TD THead TBody TFoot Span Quote Note Reference BibEntry Code Link Annot
  Ruby RB RT RP Warichu WT WP Figure Formula Form`.split(/\s+/);

/**
 * Merges the role maps (14.7.3) of all sources. A type gets another name if another source maps it differently or uses
 * it as a standard type.
 */
export class RoleMaps {
  readonly #names = new SharedNames();
  readonly #roles = new PdfDict();

  /** `isShared` is true if several sources have types. */
  constructor(isShared: boolean) {
    if (isShared) for (const type of STANDARD_TYPES) this.#names.take(type, type);
  }

  /** The role map of the result. Undefined if it is empty. */
  get result(): PdfDict | undefined {
    return this.#roles.size > 0 ? this.#roles : undefined;
  }

  /** Adds the role map of a source. Returns the renamed types. */
  add(file: PdfFile, value: PdfObject | undefined): Map<string, string> {
    const roles = readRoles(file, value);
    const names = new Map<string, string>();
    for (const type of roles.keys()) {
      const chain: string[] = [];
      const path = new Set<string>();
      for (let at = type; roles.has(at) && !names.has(at) && !path.has(at); at = roles.get(at) ?? at) {
        path.add(at);
        chain.push(at);
      }
      // Targets are named first, because a type may be mapped to a renamed one.
      for (const link of chain.reverse()) this.#settle(link, roles.get(link) ?? link, names);
    }
    return new Map([...names].filter(([from, to]) => from !== to));
  }

  #settle(type: string, role: string, names: Map<string, string>): void {
    const meaning = role === type ? role : (names.get(role) ?? role);
    const name = this.#names.take(type, meaning);
    names.set(type, name);
    if (role !== type) this.#roles.set(name, new PdfName(meaning));
  }
}

function readRoles(file: PdfFile, value: PdfObject | undefined): Map<string, string> {
  const roles = new Map<string, string>();
  const dict = file.resolve(value);
  if (!(dict instanceof PdfDict)) return roles;
  for (const [type, entry] of dict) {
    const role = file.resolve(entry);
    if (role instanceof PdfName) roles.set(type, role.value);
  }
  return roles;
}
