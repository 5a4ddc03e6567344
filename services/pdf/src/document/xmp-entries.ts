/** A property of an XMP packet (ISO 16684-1), as an element or an attribute, with its range of characters. */
export interface XmpEntry {
  readonly namespace: string;
  readonly name: string;
  readonly value: string;
  readonly start: number;
  readonly end: number;
}

/** Markup that is not an element, with the text that ends it. */
const SKIPPED = [
  ['<!--', '-->'],
  ['<![CDATA[', ']]>'],
  ['<?', '?>'],
] as const;
const TAG = /<(\/?)([^\s<>/=]+)((?:\s+[^\s<>/=]+\s*=\s*(?:"[^"<]*"|'[^'<]*'))*)\s*(\/?)>/y;
const ATTRIBUTE = /\s+([^\s<>/=]+)\s*=\s*(?:"([^"<]*)"|'([^'<]*)')/g;

interface OpenElement {
  readonly namespace: string;
  readonly name: string;
  readonly start: number;
  readonly valueStart: number;
  readonly depth: number;
}

/**
 * Finds the properties of some namespaces in a packet, in the order in which they end. Skips unclosed elements. A
 * prefix has the meaning of its last declaration before the property.
 */
export function findXmpEntries(text: string, namespaces: ReadonlySet<string>): XmpEntry[] {
  return new EntryFinder(text, namespaces).find();
}

class EntryFinder {
  readonly #text: string;
  readonly #namespaces: ReadonlySet<string>;
  readonly #prefixes = new Map<string, string>();
  readonly #entries: XmpEntry[] = [];
  /** Open elements of the namespaces. */
  readonly #open: OpenElement[] = [];
  #depth = 0;

  constructor(text: string, namespaces: ReadonlySet<string>) {
    this.#text = text;
    this.#namespaces = namespaces;
  }

  find(): XmpEntry[] {
    const text = this.#text;
    for (let at = text.indexOf('<'); at >= 0; at = text.indexOf('<', at)) at = this.#markup(at);
    return this.#entries;
  }

  /** Returns the end of the markup at an offset. */
  #markup(at: number): number {
    const text = this.#text;
    const skipped = SKIPPED.find(([opening]) => text.startsWith(opening, at));
    if (skipped) {
      const end = text.indexOf(skipped[1], at);
      return end < 0 ? text.length : end + skipped[1].length;
    }
    TAG.lastIndex = at;
    const tag = TAG.exec(text);
    if (!tag) return at + 1;
    const [whole, closing, name = '', attributes = '', empty] = tag;
    const end = at + whole.length;
    if (closing) this.#close(at, end);
    else {
      this.#attributes(attributes, at + 1 + name.length);
      this.#element(name, at, end, empty === '/');
    }
    return end;
  }

  #attributes(attributes: string, offset: number): void {
    const found = [...attributes.matchAll(ATTRIBUTE)].map((match) => {
      const [whole, name = '', double, single] = match;
      const start = offset + match.index;
      return { name, value: double ?? single ?? '', start, end: start + whole.length };
    });
    for (const { name, value } of found) if (name.startsWith('xmlns:')) this.#prefixes.set(name.slice(6), value);
    for (const { name, value, start, end } of found) {
      const qualified = this.#qualified(name);
      if (qualified) this.#entries.push({ ...qualified, value, start, end });
    }
  }

  #element(name: string, start: number, end: number, isEmpty: boolean): void {
    const qualified = this.#qualified(name);
    if (isEmpty) {
      if (qualified) this.#entries.push({ ...qualified, value: '', start, end });
      return;
    }
    if (qualified) this.#open.push({ ...qualified, start, valueStart: end, depth: this.#depth });
    this.#depth += 1;
  }

  #close(valueEnd: number, end: number): void {
    this.#depth -= 1;
    const open = this.#open.at(-1);
    if (!open || open.depth < this.#depth) return;
    this.#open.pop();
    const { namespace, name, start, valueStart } = open;
    this.#entries.push({ namespace, name, value: this.#text.slice(valueStart, valueEnd).trim(), start, end });
  }

  #qualified(name: string): { namespace: string; name: string } | undefined {
    const colon = name.indexOf(':');
    const namespace = colon < 0 ? undefined : this.#prefixes.get(name.slice(0, colon));
    if (namespace === undefined || !this.#namespaces.has(namespace)) return undefined;
    return { namespace, name: name.slice(colon + 1) };
  }
}
