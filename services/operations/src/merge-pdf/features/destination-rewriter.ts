import type { PdfArray, PdfDict, PdfObject, Rewriter } from '@pdf-tools/pdf';
import { PdfName, PdfString, TargetRef, isInteger, isName } from '@pdf-tools/pdf';
import type { Source } from '../source.js';
import { destinationName, explicitDestination, findDestination, goToAction, pageOfDestination } from './destination.js';
import type { DestinationLookup } from './destination.js';

/** The value of a destination key: a plain string or name, a reference in an array, or something else. */
const TARGET = /\/(?:Dest|D)(?=[\s[(/<%])\s*(?:(\([^()\\\r]*\))|(\/[^\s()<>[\]{}/%#]*)|(\[\s*\d+\s+\d+\s+R)|.?)/gs;

/** Rewrites links, outline items and actions of a source for its destinations in the result. */
export class DestinationRewriter implements Rewriter {
  readonly markers = ['/Dest', '/GoTo', '/Link'];
  readonly #source: Source;
  /** Maps names of the source to names of the result. Null means that the destination is not taken. */
  readonly #names: DestinationLookup<string | null>;

  constructor(source: Source, names: DestinationLookup<string | null>) {
    this.#source = source;
    this.#names = names;
  }

  /** Most links need no change and are copied without parsing. */
  applies(bytes: Buffer): boolean {
    const { string, name } = this.#names;
    for (const [, text, token, reference] of bytes.toString('latin1').matchAll(TARGET)) {
      const own = text?.slice(1, -1) ?? token?.slice(1);
      const stays =
        own === undefined
          ? reference !== undefined && this.#source.isWhole
          : (text === undefined ? name : string).get(own) === own;
      if (!stays) return true;
    }
    return false;
  }

  rewrite(dict: PdfDict): void {
    const { file } = this.#source;
    if (dict.has('Dest')) this.#follow(dict, 'Dest');
    if (isName(file.resolve(dict.get('S')), 'GoTo')) this.#follow(dict, 'D');
    const action = goToAction(file, dict);
    // A link whose action leads nowhere is better without the action.
    if (action && this.#newValue(action.get('D')) === undefined) dict.delete('A');
  }

  #follow(dict: PdfDict, key: string): void {
    const value = this.#newValue(dict.get(key));
    if (value === undefined) dict.delete(key);
    else dict.set(key, value);
  }

  /** The value for the same place in the result. Undefined if the place is not in it. */
  #newValue(value: PdfObject | undefined): PdfObject | undefined {
    if (value instanceof TargetRef) return value;
    const resolved = this.#source.file.resolve(value);
    const named = destinationName(resolved);
    if (!named) return this.#explicit(value ?? null, explicitDestination(this.#source.file, resolved));
    const { kind, value: to = null } = findDestination(this.#names, named) ?? {};
    if (to === null) return undefined;
    return kind === 'name' ? new PdfName(to) : PdfString.latin1(to);
  }

  #explicit(value: PdfObject, destination: PdfArray | undefined): PdfObject | undefined {
    if (!destination) return value;
    if (destination[0] instanceof TargetRef) return value;
    const page = pageOfDestination(this.#source, destination);
    // A page number counts in its own document (12.3.2.2).
    return page && isInteger(destination[0]) ? [new TargetRef(page.target), ...destination.slice(1)] : page && value;
  }
}
