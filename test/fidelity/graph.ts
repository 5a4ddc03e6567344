import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { promisify } from 'node:util';

/**
 * A PDF value as `qpdf --json` (version 2) writes it. Names begin with "/", strings with "u:" or "b:", and references
 * end in " R".
 */
export type Value = null | boolean | number | string | readonly Value[] | Dict;
export interface Dict {
  readonly [key: string]: Value;
}

interface Entry {
  readonly value?: Value;
  readonly stream?: { readonly dict: Dict; readonly data?: string };
}

interface Written {
  readonly qpdf: readonly [unknown, Readonly<Record<string, Entry>>];
}

/** A page in its place, with what it inherits (ISO 32000-2, 7.7.3.4). */
export interface GraphPage {
  readonly ref: string;
  readonly dict: Dict;
  readonly get: (key: string) => Value;
}

const REFERENCE = /^\d+ \d+ R$/;
const MAX_BYTES = 512 * 2 ** 20;
const MAX_NODES = 100_000;
const MAX_DEPTH = 60;
/** Keys whose values refer back to their container, or to numbers that differ between files. */
const BACKWARDS = new Set(['/Parent', '/P', '/StructParents', '/StructParent']);

/** A document's objects as qpdf, an independent reader, finds them. */
export class Graph {
  readonly root: Dict;
  readonly trailer: Dict;
  readonly pages: readonly GraphPage[];
  readonly #objects: Readonly<Record<string, Entry>>;
  readonly #indexes: ReadonlyMap<Value | undefined, number>;

  constructor(written: Written) {
    this.#objects = written.qpdf[1];
    this.trailer = this.dict(this.#objects.trailer?.value ?? null);
    this.root = this.dict(this.trailer['/Root']);
    this.pages = this.#walkPages();
    this.#indexes = new Map(this.pages.map(({ ref }, index) => [ref, index]));
  }

  /** Reads a file with its streams decoded. Throws if qpdf cannot read it. */
  static async read(path: string): Promise<Graph> {
    const args = [
      '--warning-exit-0',
      '--json=2',
      '--json-key=qpdf',
      '--json-stream-data=inline',
      '--decode-level=generalized',
      path,
    ];
    const { stdout } = await promisify(execFile)('qpdf', args, { maxBuffer: MAX_BYTES });
    return new Graph(JSON.parse(stdout) as Written);
  }

  /** Returns the reference of an indirect value, else undefined. */
  refOf(value: Value | undefined): string | undefined {
    return typeof value === 'string' && REFERENCE.test(value) ? value : undefined;
  }

  has(ref: string): boolean {
    return `obj:${ref}` in this.#objects;
  }

  /** Returns the value of a reference. A stream is its dictionary. */
  resolve(value: Value | undefined): Value {
    const seen = new Set<string>();
    let found = value ?? null;
    for (let ref = this.refOf(found); ref !== undefined && !seen.has(ref); ref = this.refOf(found)) {
      seen.add(ref);
      const entry = this.#objects[`obj:${ref}`];
      found = entry?.stream?.dict ?? entry?.value ?? null;
    }
    return found;
  }

  /** Returns a dictionary, which is empty if the value is not one. */
  dict(value: Value | undefined): Dict {
    const found = this.resolve(value);
    return isDict(found) ? found : {};
  }

  array(value: Value | undefined): readonly Value[] {
    const found = this.resolve(value);
    return isArray(found) ? found : [];
  }

  number(value: Value | undefined): number | undefined {
    const found = this.resolve(value);
    return typeof found === 'number' ? found : undefined;
  }

  /** The numbers of an array, with spaces between them. */
  numbers(value: Value | undefined): string {
    return this.array(value)
      .map((each) => this.number(each) ?? '?')
      .join(' ');
  }

  /** A text string, or undefined. */
  text(value: Value | undefined): string | undefined {
    const found = this.resolve(value);
    if (typeof found !== 'string') return undefined;
    if (found.startsWith('u:')) return found.slice(2);
    return found.startsWith('b:') ? Buffer.from(found.slice(2), 'hex').toString('latin1') : undefined;
  }

  /** A name without its slash, or undefined. */
  name(value: Value | undefined): string | undefined {
    const found = this.resolve(value);
    return typeof found === 'string' && found.startsWith('/') ? found.slice(1) : undefined;
  }

  /** Decoded bytes of a stream, or undefined. */
  bytes(value: Value | undefined): Buffer | undefined {
    const ref = this.refOf(value);
    const data = ref === undefined ? undefined : this.#objects[`obj:${ref}`]?.stream?.data;
    return data === undefined ? undefined : Buffer.from(data, 'base64');
  }

  /** Decoded content of a page, with a line feed after each of its streams. */
  contentOf({ dict }: GraphPage): Buffer {
    const list = this.array(dict['/Contents']);
    const bytes = (list.length > 0 ? list : [dict['/Contents']]).map((each) => this.bytes(each) ?? Buffer.alloc(0));
    return Buffer.concat(bytes.flatMap((each) => [each, Buffer.from('\n')]));
  }

  /** Returns the position of a page in the document, from 0. Undefined if the value is no page of it. */
  pageIndex(value: Value | undefined): number | undefined {
    return this.#indexes.get(value);
  }

  /** Entries of a name or number tree in their order (ISO 32000-2, 7.9.6 and 7.9.7). */
  tree(value: Value | undefined, kind: '/Names' | '/Nums'): [key: Value, value: Value][] {
    const entries: [Value, Value][] = [];
    const waiting: Value[] = [value ?? null];
    const seen = new Set<string>();
    for (let node = waiting.pop(); node !== undefined && entries.length < MAX_NODES; node = waiting.pop()) {
      const ref = this.refOf(node);
      if (ref !== undefined && seen.has(ref)) continue;
      if (ref !== undefined) seen.add(ref);
      const dict = this.dict(node);
      const pairs = this.array(dict[kind]);
      for (let n = 0; n + 1 < pairs.length; n += 2) entries.push([this.resolve(pairs[n]), pairs[n + 1] ?? null]);
      waiting.push(...[...this.array(dict['/Kids'])].reverse());
    }
    return entries;
  }

  /**
   * Returns a value as text with everything that it refers to. The text does not depend on object numbers. It has the
   * positions of pages and the hashes of decoded streams.
   */
  content(value: Value | undefined, depth = 0): Value {
    const page = this.pageIndex(value);
    if (page !== undefined) return `page ${page}`;
    if (depth > MAX_DEPTH) return 'too deep';
    const found = this.resolve(value);
    if (isArray(found)) return found.map((each) => this.content(each, depth + 1));
    if (!isDict(found)) return found;
    const bytes = this.bytes(value);
    const keys = Object.keys(found).filter((key) => !BACKWARDS.has(key) && !(bytes && STREAM_KEYS.has(key)));
    const entries = keys.sort().map((key): [string, Value] => [key, this.content(found[key], depth + 1)]);
    return Object.fromEntries([...entries, ...(bytes ? [['stream', hashOf(bytes)] as const] : [])]);
  }

  /** Returns references to missing objects, and reachable pages that are not in the page tree. */
  danglers(): string[] {
    const found: string[] = [];
    const seen = new Set<string>();
    const waiting: Value[] = [this.trailer];
    for (let value = waiting.pop(); value !== undefined; value = waiting.pop()) {
      const ref = this.refOf(value);
      if (ref !== undefined) {
        if (seen.has(ref)) continue;
        seen.add(ref);
        if (!this.has(ref)) found.push(`${ref} is no object`);
        const dict = this.dict(ref);
        if (dict['/Type'] === '/Page' && this.pageIndex(ref) === undefined)
          found.push(`${ref} is a page outside the tree`);
        waiting.push(this.resolve(ref));
      } else if (isArray(value)) waiting.push(...value);
      else if (isDict(value)) waiting.push(...Object.values(value));
    }
    return found;
  }

  #walkPages(): GraphPage[] {
    const pages: GraphPage[] = [];
    const seen = new Set<string>();
    const waiting: { node: Value; above: readonly Dict[] }[] = [{ node: this.root['/Pages'] ?? null, above: [] }];
    for (let next = waiting.pop(); next !== undefined && pages.length < MAX_NODES; next = waiting.pop()) {
      const ref = this.refOf(next.node) ?? '';
      if (seen.has(ref)) continue;
      seen.add(ref);
      const dict = this.dict(next.node);
      const chain = [dict, ...next.above];
      if (dict['/Kids'] === undefined) {
        const get = (key: string): Value => this.resolve(chain.find((each) => each[key] !== undefined)?.[key]);
        pages.push({ ref, dict, get });
      } else
        waiting.push(
          ...this.array(dict['/Kids'])
            .map((node) => ({ node, above: chain }))
            .reverse(),
        );
    }
    return pages;
  }
}

const STREAM_KEYS = new Set(['/Length', '/Filter', '/DecodeParms']);

export function isDict(value: Value | undefined): value is Dict {
  return typeof value === 'object' && value !== null && !isArray(value);
}

export function isArray(value: Value | undefined): value is readonly Value[] {
  return Array.isArray(value);
}

/** The first digits of the SHA-256 of some bytes. */
export function hashOf(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex').slice(0, 16);
}
