import { PdfError } from '../../errors.js';
import type { DecodingBudget } from '../../filters/budget.js';
import { isWhiteSpace } from '../../syntax/characters.js';
import { PdfName } from '../../syntax/objects.js';
import type { PdfObject } from '../../syntax/objects.js';
import { numberToken } from '../../syntax/serializer.js';
import { nameToken } from '../../syntax/strings.js';
import type { ContentHandler } from '../content-scanner.js';
import type { InlineImage } from '../inline-data.js';
import { inlineEntry } from '../inline-image.js';
import type { Operation } from '../operation.js';
import type { Resources } from '../resources.js';
import { CMYK, GRAY, RGB } from './color-space.js';
import type { ColorSpaceReader, GraySpace } from './color-space.js';
import { grayInlineImage, hasNoColor } from './gray-inline-image.js';

/** A space whose colours are not converted. `left` is the name of its family, or undefined for patterns. */
interface KeptSpace {
  readonly left: string | undefined;
  /** The colour space of uncoloured patterns (ISO 32000-2, 8.7.3.3). */
  readonly under: GraySpace | undefined;
}

type Space = GraySpace | KeptSpace | 'inherited';

/** The current spaces for filling and for stroking. */
interface Spaces {
  readonly fill: Space;
  readonly stroke: Space;
}

const MAX_SAVED = 200_000;
/** Maximum size of an inline image that is converted, including its dictionary. */
const MAX_INLINE = 1024 * 1024;
const PATTERN: KeptSpace = { left: undefined, under: undefined };
const UNKNOWN: KeptSpace = { left: 'unknown', under: undefined };
const INLINE_IMAGE = 'an inline image';

/** The effect of a colour operator: the space that it selects, if any, and whether for stroking. */
const DIRECT: Readonly<Record<string, { space: GraySpace; stroke: boolean }>> = {
  g: { space: GRAY, stroke: false },
  G: { space: GRAY, stroke: true },
  rg: { space: RGB, stroke: false },
  RG: { space: RGB, stroke: true },
  k: { space: CMYK, stroke: false },
  K: { space: CMYK, stroke: true },
};

const COLOR = new Set(['sc', 'scn', 'SC', 'SCN']);

/**
 * Rewrites a content stream with gray instead of colour (8.6.8). Patterns and shadings are converted in their own
 * objects, so their operators stay. Records what cannot be converted.
 */
export class GrayContentWriter implements ContentHandler {
  /** Number of operators and inline images that were changed. */
  changes = 0;
  readonly #resources: readonly (Resources | undefined)[];
  readonly #colorSpaces: ColorSpaceReader;
  readonly #budget: DecodingBudget;
  readonly #note: (what: string) => void;
  readonly #saved: Spaces[] = [];
  #spaces: Spaces = { fill: 'inherited', stroke: 'inherited' };
  #parts: Buffer[] = [];
  /** The bytes of the current inline image, and the offset of its data in them. */
  #inline: { parts: Buffer[]; bytes: number; dataAt: number } | undefined;

  /** Names are looked up in each of `resources` in order. */
  constructor(
    resources: readonly (Resources | undefined)[],
    colorSpaces: ColorSpaceReader,
    budget: DecodingBudget,
    note: (what: string) => void,
  ) {
    this.#resources = resources;
    this.#colorSpaces = colorSpaces;
    this.#budget = budget;
    this.#note = note;
  }

  /** Returns the bytes written since the last call. */
  take(): Buffer {
    const bytes = Buffer.concat(this.#parts);
    this.#parts = [];
    return bytes;
  }

  operation(operation: Operation): void {
    const { operator } = operation;
    if (operator === 'BI') this.#inline = { parts: [], bytes: 0, dataAt: 0 };
    if (this.#inline) {
      this.#holdInline(operation);
      return;
    }
    const replacement = this.#replacement(operation);
    if (replacement === undefined) this.#parts.push(operation.raw());
    else {
      this.changes += 1;
      this.#parts.push(Buffer.from(`\n${replacement}\n`));
    }
  }

  passed(bytes: Buffer): void {
    if (this.#inline) this.#hold(bytes);
    else this.#parts.push(bytes);
  }

  inlineImage(image: InlineImage): void {
    const held = this.#inline;
    if (!held) {
      this.#noteColor(image);
      return;
    }
    this.#inline = undefined;
    const bytes = Buffer.concat(held.parts);
    // One white-space byte separates ID and the data.
    const dataAt = held.dataAt + (isWhiteSpace(bytes[held.dataAt]) ? 1 : 0);
    const data = bytes.subarray(dataAt, dataAt + image.bytes);
    const converted = this.#safely(() =>
      grayInlineImage(image.dict, data, this.#inlineSpace(inlineEntry(image.dict, 'ColorSpace', 'CS')), this.#budget),
    );
    if (converted === 'gray') this.#parts.push(bytes);
    else if (converted === undefined) {
      this.#note(INLINE_IMAGE);
      this.#parts.push(bytes);
    } else {
      this.changes += 1;
      this.#parts.push(converted);
    }
  }

  lost(): void {
    this.#flushInline();
    this.#note('content that cannot be read');
  }

  #replacement(operation: Operation): string | undefined {
    const { operator } = operation;
    const direct = DIRECT[operator];
    if (direct) {
      this.#choose(direct.space, direct.stroke);
      return direct.space === GRAY ? undefined : this.#setGray(direct.space, operation, direct.stroke);
    }
    if (operator === 'cs' || operator === 'CS') return this.#chooseNamed(operation, operator === 'CS');
    if (COLOR.has(operator)) return this.#setColor(operation, operator.startsWith('S'));
    if (operator === 'q' && this.#saved.length < MAX_SAVED) this.#saved.push(this.#spaces);
    else if (operator === 'Q') this.#spaces = this.#saved.pop() ?? this.#spaces;
    return undefined;
  }

  #choose(space: Space, stroke: boolean): void {
    this.#spaces = stroke ? { ...this.#spaces, stroke: space } : { ...this.#spaces, fill: space };
  }

  #chooseNamed(operation: Operation, stroke: boolean): string | undefined {
    const name = operation.name(-1);
    const space = (name === undefined ? undefined : this.#safely(() => this.#named(name))) ?? UNKNOWN;
    this.#choose(space, stroke);
    if ('left' in space) {
      if (space.left !== undefined) this.#note(`${space.left} colour space`);
      return undefined;
    }
    const gray = this.#safely(() => space.gray(space.initial));
    return gray === undefined ? undefined : `${numberToken(round(gray))} ${stroke ? 'G' : 'g'}`;
  }

  #setColor(operation: Operation, stroke: boolean): string | undefined {
    const current = stroke ? this.#spaces.stroke : this.#spaces.fill;
    const pattern = operation.name(-1);
    if (pattern !== undefined) return this.#setPattern(current, operation, pattern, stroke);
    if (current === 'inherited') {
      const guessed = [RGB, CMYK].find(({ components }) => components === operation.count);
      return guessed && this.#setGray(guessed, operation, stroke);
    }
    return 'left' in current ? undefined : this.#setGray(current, operation, stroke);
  }

  /** The colour of an uncoloured pattern. The conversion of its definition covers the space. */
  #setPattern(current: Space, operation: Operation, pattern: string, stroke: boolean): string | undefined {
    const count = operation.count - 1;
    const inherited = [RGB, CMYK].find(({ components }) => components === count);
    const under = current === 'inherited' ? inherited : 'left' in current ? current.under : undefined;
    const gray = under && this.#grayOf(under, operation, count);
    if (gray === undefined) return undefined;
    return `${gray} ${nameToken(pattern)} ${stroke ? 'SCN' : 'scn'}`;
  }

  #setGray(space: GraySpace, operation: Operation, stroke: boolean): string | undefined {
    const gray = this.#grayOf(space, operation, operation.count);
    return gray === undefined ? undefined : `${gray} ${stroke ? 'G' : 'g'}`;
  }

  #grayOf(space: GraySpace, operation: Operation, count: number): string | undefined {
    const from = Math.max(0, count - space.components);
    const color = Array.from({ length: count - from }, (_item, at) => operation.number(from + at) ?? 0);
    const gray = this.#safely(() => space.gray(color));
    return gray === undefined ? undefined : numberToken(round(gray));
  }

  #named(name: string): GraySpace | KeptSpace {
    if (name === 'Pattern') return PATTERN;
    const device = this.#colorSpaces.read(new PdfName(name));
    if (typeof device !== 'string') return device;
    const resource = this.#find(name);
    const under = resource === undefined ? undefined : this.#colorSpaces.underPattern(resource);
    if (under !== undefined)
      return typeof under === 'string' ? { left: under, under: undefined } : { left: undefined, under };
    const space = resource === undefined ? name : this.#colorSpaces.read(resource);
    if (typeof space !== 'string') return space;
    return space === 'Pattern' ? PATTERN : { left: space, under: undefined };
  }

  #find(name: string): PdfObject | undefined {
    for (const resources of this.#resources) {
      const found = resources?.find('ColorSpace', name);
      if (found) return found.value;
    }
    return undefined;
  }

  /** The colour space of an inline image. It may be a named resource (8.9.7). */
  #inlineSpace(object: PdfObject): GraySpace | string {
    const space = this.#colorSpaces.read(object);
    if (typeof space !== 'string' || !(object instanceof PdfName)) return space;
    return this.#colorSpaces.read(this.#find(object.value));
  }

  #holdInline(operation: Operation): void {
    this.#hold(operation.raw());
    if (operation.operator === 'ID' && this.#inline) this.#inline.dataAt = this.#inline.bytes;
    else if (operation.operator !== 'BI') this.#flushInline();
  }

  #hold(bytes: Buffer): void {
    const held = this.#inline;
    if (!held) return;
    held.parts.push(bytes);
    held.bytes += bytes.length;
    if (held.bytes > MAX_INLINE) this.#flushInline();
  }

  #flushInline(): void {
    this.#parts.push(...(this.#inline?.parts ?? []));
    this.#inline = undefined;
  }

  /** Records an inline image that is not converted. */
  #noteColor({ dict }: InlineImage): void {
    if (hasNoColor(dict)) return;
    const space = this.#safely(() => this.#inlineSpace(inlineEntry(dict, 'ColorSpace', 'CS')));
    if (space !== GRAY) this.#note(INLINE_IMAGE);
  }

  /** Returns undefined if the computation fails because of the file. */
  #safely<T>(compute: () => T): T | undefined {
    try {
      return compute();
    } catch (thrown) {
      if (!(thrown instanceof PdfError)) throw thrown;
      this.#note('a colour that cannot be computed');
      return undefined;
    }
  }
}

/** More digits are not visible. */
function round(gray: number): number {
  return Math.round(gray * 10_000) / 10_000;
}
